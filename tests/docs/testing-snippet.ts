/** The program of docs/testing.md; `snippets.test.ts` compares and runs it. */
import { defineSchema, field } from 'ibex-state'
import { connect, createTestStore, offline, online, settle } from 'ibex-state/testing'

const Task = defineSchema('task', { title: field.string(), votes: field.counter() })

export async function bothVotesCount() {
  const ada = createTestStore({ schemas: [Task], seed: 1 })
  const lin = createTestStore({ schemas: [Task], seed: 2 })
  connect(ada, lin)
  const task = ada.collection(Task).create({ title: 'Vote' })
  await settle()

  offline(ada)
  ada.collection(Task).update(task.$id, (t) => t.votes.increment())
  lin.collection(Task).update(task.$id, (t) => t.votes.increment())
  online(ada)
  await settle()

  return ada.collection(Task).get(task.$id)?.votes === 2 && lin.collection(Task).get(task.$id)?.votes === 2
}
