/** How many of some times lie in each of so many equal stretches, from a time to the one that is shown: what came later is left out. */
export function binsOf(times: readonly number[], from: number, shown: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0)
  const span = Math.max(1, shown - from)
  for (const time of times) {
    if (time <= shown) counts[Math.max(0, Math.min(bins - 1, Math.floor(((time - from) / span) * bins)))]!++
  }
  return counts
}
