/** Which place to judge next, so that few need be, between one that is good and a later one that is bad. */

export interface Search {
  /** The last place known to be good, and the first known to be bad. */
  readonly good: number
  readonly bad: number
  /** Places between that cannot be judged. */
  readonly skipped: ReadonlySet<number>
}

/** The place to be judged next: the one nearest to the middle. Undefined: there is none left. */
export function nextPlace({ good, bad, skipped }: Search): number | undefined {
  const middle = Math.floor((good + bad) / 2)
  for (let away = 0; away < bad - good; away++) {
    for (const place of [middle - away, middle + away]) {
      if (place > good && place < bad && !skipped.has(place)) return place
    }
  }
  return undefined
}

/** How many places can still be judged, and in about how many steps that is done. */
export function leftToJudge({ good, bad, skipped }: Search): { places: number; steps: number } {
  const between = [...skipped].filter((place) => place > good && place < bad).length
  const places = Math.max(0, bad - good - 1 - between)
  return { places, steps: Math.ceil(Math.log2(places + 1)) }
}
