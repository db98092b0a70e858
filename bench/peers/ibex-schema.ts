/** The task of the benchmarks as Ibex has it. */
import { defineSchema, field } from 'ibex-state'

export const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  priority: field.number().default(0),
  tags: field.set(field.string()),
  updatedAt: field.number(),
})
