// Every kind's editor by its name: edit(record, texts, changed, redraw) → element. It changes the record; `changed` is called after each change,
// `redraw` where the form itself has to be another.

import { editBlank } from "./kinds/blank.js";
import { editChoice } from "./kinds/choice.js";
import { editMatching } from "./kinds/matching.js";
import { editNumeric } from "./kinds/numeric.js";
import { editOrdering } from "./kinds/ordering.js";
import { editTable } from "./kinds/table.js";
import { editTrueFalse } from "./kinds/true_false.js";
import { editEssay, editShortText, editUpload } from "./kinds/written.js";

export const EDITORS = {
  single_choice: editChoice(false),
  multiple_choice: editChoice(true),
  true_false: editTrueFalse,
  blank: editBlank,
  numeric: editNumeric,
  matching: editMatching,
  ordering: editOrdering,
  table: editTable,
  short_text: editShortText,
  essay: editEssay,
  upload: editUpload,
};
