// The sheet as it is filled in: marks, vetoes, comments, seconds, and what they come to. Knows nothing of the page or the network.
// Marks are texts of exact decimals, such as "4.5"; sums are reckoned in hundredths.

const HUNDREDTHS = 100;

/** Return a mark in hundredths. */
export function hundredths(mark) {
  return Math.round(Number(mark) * HUNDREDTHS);
}

/** Return hundredths as a mark is spelled: 4, 4.5, 4.25. */
export function spelled(value) {
  return String(value / HUNDREDTHS);
}

export class Sheet {
  /** `rubric` are the tasks of the page with criteria and vetoes; `plain` is the sheet as the server spells it. */
  constructor(rubric, plain) {
    this.rubric = rubric;
    this.criteria = new Map(rubric.flatMap(task => task.criteria.map(each => [each.id, { ...each, task: task.id }])));
    this.load(plain);
  }

  load(plain) {
    this.marks = { ...plain.marks };
    this.vetoes = new Set(plain.vetoes);
    this.comments = { ...plain.comments };
    this.seconds = { ...plain.seconds };
  }

  /** Return the sheet in JSON types; equal sheets are spelled equally. */
  plain() {
    const comments = Object.entries(this.comments).map(([id, words]) => [id, words.trim()]);
    return {
      marks: sorted(Object.entries(this.marks)),
      vetoes: [...this.vetoes].sort(),
      comments: sorted(comments.filter(([, words]) => words)),
      seconds: sorted(Object.entries(this.seconds)),
    };
  }

  /** Give a mark, if the criterion has it; tell whether it was given. */
  give(id, mark) {
    if (!this.criteria.get(id).allowed.includes(mark)) return false;
    this.marks[id] = mark;
    return true;
  }

  get full() {
    return spelled([...this.criteria.values()].reduce((sum, each) => sum + hundredths(each.allowed.at(-1)), 0));
  }

  get total() {
    return spelled(Object.values(this.marks).reduce((sum, mark) => sum + hundredths(mark), 0));
  }

  /** What the total comes to if every veto claimed here is in force. */
  get counted() {
    const claimed = this.rubric.flatMap(task =>
      task.vetoes.filter(veto => this.vetoes.has(veto.id)).map(veto => ({ ...veto, task: task.id })),
    );
    if (claimed.some(veto => veto.whole)) return "0";
    const lost = new Set(claimed.map(veto => veto.task));
    const kept = Object.entries(this.marks).filter(([id]) => !lost.has(this.criteria.get(id)?.task));
    return spelled(kept.reduce((sum, [, mark]) => sum + hundredths(mark), 0));
  }

  get missing() {
    return [...this.criteria.keys()].filter(id => !(id in this.marks));
  }
}

function sorted(entries) {
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
