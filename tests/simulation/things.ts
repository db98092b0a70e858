/** What the simulated app keeps, what its server forbids, and what it does to its items. */
import { defineConfig, rule, type Config } from '../../src/repository/rules.js'
import { field } from '../../src/schema/field.js'
import { defineSchema } from '../../src/schema/schema.js'
import type { StandardSchema } from '../../src/schema/standard.js'

const fields = {
  title: field.string(),
  done: field.boolean().default(false),
  level: field.enum(['low', 'middle', 'high']).default('low'),
  due: field.date().optional(),
  note: field.json<{ readonly by: string; readonly at: readonly number[] }>().optional(),
  friend: field.ref('thing').optional(),
  rating: field.number().default(0),
  votes: field.counter(),
  tags: field.set(field.string()),
  scores: field.map(field.number()),
}

export const Thing = defineSchema('thing', fields)
/** Money moves between accounts in transactions, so that their sum is always zero. */
export const Account = defineSchema('account', { balance: field.counter() })
export const SCHEMAS = [Thing, Account] as const

export const MOST_RATING = 100
export const MOST_VOTES = 500_000

const atMost: StandardSchema<number> = {
  '~standard': {
    version: 1,
    vendor: 'simulation',
    validate: (value) =>
      (value as number) > MOST_RATING ? { issues: [{ message: 'too much' }] } : { value: value as number },
  },
}

/** The server's configuration: it looks closer than the app. */
export const CONFIG: Config = defineConfig({
  schemas: [defineSchema('thing', { ...fields, rating: field.number().default(0).validate(atMost) }), Account],
  authenticate: ({ token }) => token ?? null,
  rules: [
    rule('/data/*', {
      write({ after }) {
        const title = (after?.['title'] ?? '') as string
        if (title.startsWith('bang')) throw new Error('a bug in the rule')
        if (title.startsWith('evil')) return 'No evil titles.'
        return !((after?.['votes'] as number) > MOST_VOTES)
      },
    }),
  ],
})

/** They are made before anything else, and never deleted: only these are ever the aim of a forbidden change. */
export const STEADY = ['s1', 's2', 's3'] as const
/** Anybody may make these, several at once, and delete them again. */
export const LOOSE = ['i1', 'i2', 'i3', 'i4', 'i5'] as const
export const ACCOUNTS = ['cash', 'bank'] as const
