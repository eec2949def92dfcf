// The kinds of items as they are answered, one file each. The paper, the try-out and the bank's preview use the same.
//
// `create(item, way)` returns the answering part of `item`, as the paper shows it (stem apart). The way:
//   name        a word for ids and groups of fields, different for every item on the page
//   stem        the element that holds the item's stem, already filled: gaps are put there
//   labelledBy  the id of that element
//   changed     called as changed(value, isTyped) when somebody answers; typed text comes with every keystroke
//   files       what sends and keeps files (see uploads.js); without it none can be handed over
// It returns:
//   element     what stands under the stem
//   show        show(value, isLocked): shows an answer as it stands; locked, nothing can be entered
//   focus       focus(): puts the cursor where answering begins
//   hint        hint(value): a sentence on how to answer, or how far it is; "" where there is nothing to say
//   choose      choose(place): takes the choice at that place; only where there are `choices` to take by a key

import { createBlank } from "./blank.js";
import { createChoice } from "./choice.js";
import { createMatching } from "./matching.js";
import { createNumeric } from "./numeric.js";
import { createOrdering } from "./ordering.js";
import { createTable } from "./table.js";
import { createText } from "./text.js";
import { createUpload } from "./upload.js";

const KINDS = {
  single_choice: createChoice,
  multiple_choice: createChoice,
  true_false: createChoice,
  blank: createBlank,
  numeric: createNumeric,
  matching: createMatching,
  ordering: createOrdering,
  table: createTable,
  short_text: createText,
  essay: createText,
  upload: createUpload,
};

/** Return the answering part of `item`. */
export const createAnswering = (item, way) => KINDS[item.kind](item, way);
