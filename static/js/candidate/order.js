// The candidate's own order of the paper, as the server tells it: one number, in which the remainder by how many are left says which comes next.

const BYTE = 256n;

/** Return what puts one list after the other into the order that `told` says, in base64: each time the next one. */
export function orderOf(told) {
  let number = [...atob(told)].reduce((sum, byte) => sum * BYTE + BigInt(byte.charCodeAt(0)), 0n);

  function next(left) {
    const count = BigInt(left);
    const place = Number(number % count);
    number /= count;
    return place;
  }

  return list => {
    const left = [...list];
    return list.map(() => left.splice(next(left.length), 1)[0]);
  };
}
