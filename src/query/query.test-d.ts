/** What a query may say of which field: checked by the compiler alone. */
import { expectTypeOf } from 'vitest'
import type { Snapshot } from '../schema/schema.js'
import { canonicalQuery } from './canonical.js'
import type { Task } from './query.fixture.js'
import type { OrderBy, QueryInput, Where } from './query.js'

type S = typeof Task
type Input = QueryInput<S>

declare const schema: S

// What is allowed, in a call, without an annotation.
canonicalQuery(schema, {
  where: {
    done: false,
    priority: { gte: 2, in: [1, 2] },
    title: { startsWith: 'a', lt: 'b' },
    status: { in: ['open', 'later'] },
    due: { lt: new Date(0), ne: 5 },
    place: { eq: { x: 1, y: 2 } },
    votes: 3,
    tags: { has: 'urgent', contains: ['a', 'b'] },
    reminders: { has: new Date(0) },
    scores: { has: 'ann', contains: { ann: 1 } },
    $createdAt: { gte: new Date(0) },
    $id: { in: ['a'] },
    or: [{ done: true }, { not: { tags: ['a'] } }, { and: [] }],
  },
  orderBy: ['title', ['votes', 'desc'], '$createdAt'],
  limit: 50,
  offset: 0,
  filter: (task) => {
    expectTypeOf(task).toEqualTypeOf<Snapshot<S>>()
    return task.votes > 1
  },
})
canonicalQuery(schema)
canonicalQuery(schema, { orderBy: 'title', limit: undefined })

expectTypeOf<{ done: boolean }>().toExtend<Where<S>>()
expectTypeOf<'scores'>().not.toExtend<OrderBy<S>>()
expectTypeOf<'place'>().not.toExtend<OrderBy<S>>()
expectTypeOf<'$updatedAt'>().toExtend<OrderBy<S>>()

// What is not.
// @ts-expect-error an unknown field
export const unknownField: Input = { where: { titel: 'x' } }
// @ts-expect-error an operator of other kinds of fields
export const otherOperator: Input = { where: { done: { lt: true } } }
// @ts-expect-error a value of another kind
export const otherKind: Input = { where: { priority: '3' } }
// @ts-expect-error not one of the enum's
export const otherMember: Input = { where: { status: { ne: 'opne' } } }
// @ts-expect-error undefined is not a value to ask for
export const undefinedValue: Input = { where: { note: undefined } }
// @ts-expect-error nor is null
export const nullValue: Input = { where: { note: null } }
// @ts-expect-error a set contains several
export const oneElement: Input = { where: { tags: { contains: 'a' } } }
// @ts-expect-error an element of another kind
export const otherElement: Input = { where: { tags: { has: 1 } } }
// @ts-expect-error an object always means operators
export const bareObject: Input = { where: { place: { x: 1, y: 2 } } }
// @ts-expect-error sets have no order
export const unordered: Input = { orderBy: 'tags' }
// @ts-expect-error no direction without its field
export const direction: Input = { orderBy: ['title', 'desc'] }
// @ts-expect-error an unknown option
export const option: Input = { sort: 'title' }
