/** What an app does to its items. */
import type { Collection, ItemStatus, Write } from '../../src/store/collection-face.js'
import { ACCOUNTS, type Account, LOOSE, STEADY, type Thing } from './things.js'
import type { Edit } from './scenario.js'

export interface Collections {
  readonly things: Collection<typeof Thing>
  readonly accounts: Collection<typeof Account>
}

export interface Done {
  write: Write | undefined
  forbidden: boolean
  readonly counted: Map<string, number>
}

const LEVELS = ['low', 'middle', 'high'] as const
const TAGS = ['red', 'green', 'blue', 'grey']
const KEYS = ['ann', 'bob', 'cy']

/** Does one edit; adds to `done` what it comes to. Throws what collections throw, for example on a missing item. */
export function doEdit({ things, accounts }: Collections, { verb, item, pick }: Edit, label: string, done: Done): void {
  const steady = STEADY[item % STEADY.length]!
  const is = (name: string): ItemStatus => things.statusOf(name)
  // What was made without a name of its own is edited too.
  const all = item % 4 === 0 ? things.query().ids() : []
  const loose = all.length > 0 ? all[pick % all.length]! : LOOSE[item % LOOSE.length]!
  const id = verb % 3 === 0 ? steady : loose
  const count = (schema: string, name: string, field: string, by: number): void => {
    const key = `${schema}/${name} ${field}`
    done.counted.set(key, (done.counted.get(key) ?? 0) + by)
  }
  const write = (made: Write): void => void (done.write = made)
  let kind = verb % 50
  // What is not there is made, what was deleted comes back, each now and then.
  if (kind >= 6 && kind < 40 && is(id) !== 'ready') kind = is(id) === 'deleted' && pick % 3 === 0 ? 40 : 0

  if (kind < 6) {
    const input = { title: `made ${label}`, ...(pick % 3 === 0 && { tags: [TAGS[pick % 4]!], done: true }) }
    if (pick % 2 || is(loose) !== 'missing') things.create(input)
    else things.create(input, { id: loose })
  } else if (kind < 12) write(things.update(id, { title: `title ${label}` }))
  else if (kind < 15) {
    const due = pick % 3 ? new Date(Date.UTC(2026, 0, 1 + (pick % 9))) : undefined
    write(things.update(id, { done: pick % 2 === 0, level: LEVELS[pick % 3]!, due }))
  } else if (kind < 17) {
    write(things.update(id, { note: pick % 4 ? { by: label, at: [pick, 1.5] } : undefined, friend: LOOSE[pick % 5]! }))
  } else if (kind < 25) {
    const by = (pick % 7) - 3
    write(things.update(id, (thing) => thing.votes.increment(by)))
    count('thing', id, 'votes', by)
  } else if (kind < 32) {
    const tag = pick % 5 ? TAGS[pick % 4]! : label
    write(
      things.update(
        id,
        (thing) => void (thing.tags.has(tag) && pick % 3 ? thing.tags.delete(tag) : thing.tags.add(tag)),
      ),
    )
  } else if (kind < 34) write(things.update(id, { tags: TAGS.slice(pick % 4) }))
  else if (kind < 38) {
    write(
      things.update(id, (thing) => {
        if (pick % 4 === 0) delete thing.scores[KEYS[pick % 3]!]
        else thing.scores[KEYS[pick % 3]!] = pick
      }),
    )
  } else if (kind < 42) {
    if (is(loose) === 'deleted') write(things.restore(loose))
    else if (is(loose) === 'ready') write(things.delete(loose))
  } else if (kind < 45) {
    const by = 1 + (pick % 9)
    write(accounts.update(ACCOUNTS[0], (account) => account.balance.increment(by)))
    write(accounts.update(ACCOUNTS[1], (account) => account.balance.decrement(by)))
    count('account', ACCOUNTS[0], 'balance', by)
    count('account', ACCOUNTS[1], 'balance', -by)
  } else if (kind < 46) {
    things.createMany(Array.from({ length: 2 + (pick % 10) }, (_, n) => ({ title: `many ${label} ${n}` })))
  } else if (kind < 47) {
    write(things.update(steady, { note: { by: label.repeat(pick % 50 ? 100 : 8000), at: [] } }))
  } else {
    done.forbidden = true
    if (pick % 4 === 0) write(things.update(steady, { title: `evil ${label}` }))
    else if (pick % 4 === 1) write(things.update(steady, { title: `bang ${label}` }))
    else if (pick % 4 === 2) write(things.update(steady, { rating: 1000 }))
    else {
      write(things.update(steady, (thing) => thing.votes.increment(1_000_000)))
      count('thing', steady, 'votes', 1_000_000)
    }
  }
}
