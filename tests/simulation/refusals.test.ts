/** Refusals find their author, whatever is lost on the way. */
import { expect, test } from 'vitest'
import { rule } from '../../src/repository/rules.js'
import { field } from '../../src/schema/field.js'
import { defineSchema } from '../../src/schema/schema.js'
import { decodeMessage } from '../../src/sync/message-codec.js'
import { type Client, Task, titles, World } from '../server/world.js'

const noEvil = {
  schemas: [Task],
  rules: [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'evil' })],
}

/** From now on the server's messages of a type do not reach the client. */
function lose({ lines }: Client, type: string): void {
  const end = lines.at(-1)![1]
  const { send } = end
  end.send = (bytes) => {
    if (decodeMessage(bytes).type !== type) send(bytes)
  }
}

test('I-11: an acknowledgement says what of it is void, where the refusal itself was lost', async () => {
  const world = await new World().start(noEvil)
  const [a, b] = [await world.client(), await world.client()]
  lose(a, 'reject')
  a.tasks.create({ title: 'evil' })
  await world.settle(400)
  a.tasks.create({ title: 'good' })
  await world.settle(400)
  expect(a.rejections).toHaveLength(1)
  for (const client of [a, b]) expect(titles(client)).toEqual(['good'])
  expect(a.store.status().pending).toBe(0)
  // And so does every later one, if that was lost too.
  const c = await world.client()
  lose(c, 'reject')
  lose(c, 'ack')
  c.tasks.create({ title: 'evil' })
  await world.settle(400)
  expect(c.rejections).toHaveLength(0)
  c.lines.at(-1)!.sever()
  c.tasks.create({ title: 'good too' })
  await world.settle(3000)
  expect(c.rejections).toHaveLength(1)
  expect(titles(c)).toEqual(['good', 'good too'])
})

test('what the server finds invalid can neither be made nor be written to what is deleted, where it would keep others from restoring it', async () => {
  const strict = defineSchema('task', {
    ...Task.fields,
    owner: field
      .string()
      .optional()
      .validate({
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: (value: string) =>
            value === 'nobody' ? { issues: [{ message: 'an owner is somebody' }] } : { value },
        },
      } as never),
  })
  const world = await new World().start({ schemas: [strict] })
  const [a, b] = [await world.client(), await world.client()]
  const { $id } = a.tasks.create({ title: 'x' })
  await world.settle()
  b.tasks.create({ title: 'y', owner: 'nobody' })
  await world.settle()
  expect(b.rejections).toMatchObject([{ code: 'invalid' }])
  b.store.setOffline(true)
  b.tasks.update($id, { owner: 'nobody' })
  a.tasks.delete($id)
  await world.settle()
  b.store.setOffline(false)
  await world.settle(5000)
  expect(b.rejections).toMatchObject([{ code: 'invalid' }, { code: 'invalid' }])
  a.tasks.restore($id)
  await world.settle()
  expect(a.rejections).toEqual([])
  for (const client of [a, b]) expect(client.tasks.get($id)).toMatchObject({ title: 'x' })
})
