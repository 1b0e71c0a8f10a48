/** Names are compared no further than this. */
const MAX_LENGTH = 256;
const MAX_SUGGESTIONS = 3;

/** The names that were most likely meant, the nearest first: at most 3, none that is too far off. */
export function similarNames(name: string, known: readonly string[]): readonly string[] {
  if (name.length > MAX_LENGTH) return [];
  const most = Math.max(1, Math.floor(name.length / 3));
  return known
    .filter((other) => other.length <= MAX_LENGTH)
    .map((other) => ({ other, distance: distanceOf(name, other) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ other }) => other);
}

/** Letters to put in, take out, change, or swap with their neighbour; half for a name that only lacks its prefix. */
function distanceOf(name: string, other: string): number {
  if (other.endsWith(`/${name}`) || name.endsWith(`/${other}`)) return 0.5;
  let before: readonly number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= name.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = name[i - 1] === other[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && name[i - 1] === other[j - 2] && name[i - 2] === other[j - 1];
      if (isSwapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[other.length] ?? 0;
}
