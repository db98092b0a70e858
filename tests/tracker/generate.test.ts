import { expect, test } from 'vitest'
import { generateIssues } from '../../examples/tracker/src/data/generate.js'

const TODAY = Date.UTC(2026, 5, 1, 12)

test('the same seed and day make the same issues, another seed others', () => {
  expect(generateIssues(100, 7, TODAY)).toEqual(generateIssues(100, 7, TODAY + 3_600_000))
  expect(generateIssues(100, 7, TODAY)).not.toEqual(generateIssues(100, 8, TODAY))
})

test('ten thousand are plausible: no title too long or empty, none opened in the future, all kinds there', () => {
  const issues = generateIssues(10_000, 1, TODAY)
  expect(issues).toHaveLength(10_000)
  const wrong = issues.filter(
    ({ title, opened, votes = 0, tags }) =>
      title.length < 6 ||
      title.length > 200 ||
      title !== title.trim() ||
      opened.getTime() > TODAY ||
      votes < 0 ||
      [...(tags ?? [])].length === 0,
  )
  expect(wrong).toEqual([])
  expect(new Set(issues.map(({ status }) => status)).size).toBe(6)
  expect(new Set(issues.map(({ priority }) => priority)).size).toBe(5)
  expect(new Set(issues.map(({ title }) => title)).size).toBeGreaterThan(4000)
})
