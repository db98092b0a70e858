import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leftToJudge, nextPlace } from './bisect-search.js'

/** Searches as the command does; answers the bounds that are left, and how many places were judged. */
function search(
  first: number,
  end: number,
  unknown: ReadonlySet<number>,
): { good: number; bad: number; judged: number } {
  let [good, bad, judged] = [0, end, 0]
  const skipped = new Set<number>()
  for (let place = nextPlace({ good, bad, skipped }); place !== undefined; place = nextPlace({ good, bad, skipped })) {
    if (unknown.has(place)) skipped.add(place)
    else if (place >= first) bad = place
    else good = place
    judged++
  }
  return { good, bad, judged }
}

test('finds the first bad place in as few steps as halving takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 }), (first, more) => {
      const end = first + more
      const found = search(first, end, new Set())
      expect(found.bad).toBe(first)
      expect(found.good).toBe(first - 1)
      expect(found.judged).toBeLessThanOrEqual(leftToJudge({ good: 0, bad: end, skipped: new Set() }).steps)
    }),
  )
})

test('what cannot be judged only widens what is left: all between good and bad was skipped', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.nat(60),
      fc.array(fc.integer({ min: 1, max: 119 })),
      (first, more, holes) => {
        const end = first + more
        const unknown = new Set(holes.filter((place) => place < end))
        const { good, bad } = search(first, end, unknown)
        expect(good).toBeLessThan(first)
        expect(bad).toBeGreaterThanOrEqual(first)
        for (let place = good + 1; place < bad; place++) expect(unknown.has(place)).toBe(true)
      },
    ),
  )
})
