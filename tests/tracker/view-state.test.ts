import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PRIORITIES, STATUSES } from '../../examples/tracker/src/data/issue.js'
import {
  formatView,
  LAYOUTS,
  parseView,
  SORTS,
  toggled,
  type ViewState,
} from '../../examples/tracker/src/view/view-state.js'

const name = fc.stringMatching(/^[a-z-]{1,8}$/)
const view: fc.Arbitrary<ViewState> = fc.record({
  layout: fc.constantFrom(...LAYOUTS),
  sort: fc.constantFrom(...SORTS),
  statuses: fc.subarray([...STATUSES]),
  priorities: fc.subarray([...PRIORITIES]),
  assignees: fc.uniqueArray(name),
  tags: fc.uniqueArray(name),
  text: fc.string(),
  issue: fc.option(name),
})

test('an address says all of a view, and keeps what else it says', () => {
  fc.assert(
    fc.property(view, (given) => {
      const address = formatView(given, '?as=lin&server=off')
      expect(parseView(address)).toEqual(given)
      expect(new URLSearchParams(address).get('as')).toBe('lin')
      expect(formatView(parseView(address), address)).toBe(address)
    }),
  )
})

test('the first view has an empty address, and nonsense in an address is left out', () => {
  expect(formatView(parseView(''), '')).toBe('')
  expect(parseView('?view=cube&sort=&status=done,lost&priority=9,1')).toMatchObject({
    layout: 'list',
    sort: 'priority',
    statuses: ['done'],
    priorities: [1],
  })
})

test('a value is added, and taken out again', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
})
