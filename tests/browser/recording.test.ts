/** What was recorded in a browser opens elsewhere, with the same states. */
import { expect, type Page } from '@playwright/test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeReplay } from '../../src/history/replay-file.js'
import type { RecordRange } from '../../src/store/record-face.js'
import { field } from '../../src/schema/field.js'
import { defineSchema } from '../../src/schema/schema.js'
import { nodeCompression } from '../../src/server/node-compression.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { openReplay } from '../../src/testing/open-replay.js'
import { Program } from '../server/program.js'
import { converge, test, until, visit } from './world.js'

/** As the app has it. */
const Issue = defineSchema('issue', {
  title: field.string().default(''),
  body: field.string().default(''),
  priority: field.enum(['low', 'high']).default('low'),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
  notes: field.map(field.string()),
})

/** Records in the page; answers the file, and how things were after each action, as the page shows it. */
async function record(
  page: Page,
  range: RecordRange = {},
  hidden: string = '',
): Promise<{ file: Buffer; states: string[] }> {
  const { base64, states } = await page.evaluate(
    async ([range, hidden]) => {
      const history = await app.store.history()
      const timeline = history.timeline()
      const states = timeline.slice(0, timeline.count).map(({ moment }) => {
        const past = history.checkout(moment!)
        const items = past.collection(app.issues.schema).query({ orderBy: '$id' }).get()
        past.close()
        return JSON.stringify(items)
      })
      history.close()
      const redact = hidden ? ({ value }: { value: unknown }) => String(value).includes(hidden) : undefined
      const bytes = await app.store.record(range, { title: 'From a browser', redact })
      return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')), states }
    },
    [range, hidden] as const,
  )
  return { file: Buffer.from(base64, 'base64'), states }
}

/** Runs the command in a folder; answers what it printed, line by line. */
async function ibex(folder: string, ...args: string[]): Promise<{ code: number | null; lines: string[] }> {
  const program = new Program(join(process.env['IBEX_BROWSER_WORLD']!, 'ibex.mjs'), args, { cwd: folder })
  const { code } = await program.ended
  return { code, lines: program.output.split('\n').filter(Boolean) }
}

const sorted = (items: readonly object[]): string =>
  JSON.stringify(items.map((item) => Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))))

let folder: string
test.beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ibex-recording-'))))
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a recording made in a browser opens in Node, in a test and on the command line with the same states', async ({
  guest,
  page,
  serve,
  site,
}) => {
  const server = await serve()
  await visit(page, site, { server: server.url })
  const other = await visit(await guest(), site, { server: server.url })
  await page.evaluate(() => {
    const all = { body: 'Long', priority: 'high', done: true, tags: ['a'], notes: { where: 'here' } } as const
    app.issues.create({ title: 'First', ...all }, { id: 'first' })
    app.issues.create({ title: 'Second', ...all }, { id: 'second' })
    app.issues.update('first', (issue) => issue.votes.increment(3))
  })
  await converge(page, other)
  // At once, without having seen each other.
  await other.evaluate(() => {
    app.store.setOffline(true)
    app.issues.update('first', { title: 'Theirs', tags: ['a', 'b'] })
    app.issues.delete('second')
  })
  await page.evaluate(() => void app.issues.update('first', { title: 'Mine', done: false, notes: {} }))
  await page.evaluate(() => app.store.synced())
  await other.evaluate(() => app.store.setOffline(false))
  await converge(page, other)
  const { file, states } = await record(page)
  expect(states.length).toBe(6)

  const replay = await openReplay(file, { schemas: [Issue] })
  const { authority } = replay.info
  expect(replay.info).toMatchObject({ title: 'From a browser', trust: 'as in the file' })
  const timeline = replay.history.timeline()
  expect(timeline.count).toBe(states.length)
  for (const [i, { moment }] of timeline.slice(0, states.length).entries()) {
    replay.seek(moment!)
    expect(JSON.stringify(replay.items()['issue'])).toBe(states[i])
  }
  expect((await replay.history.verify()).ok).toBe(true)
  replay.close()
  ;(await openReplay(file, { schemas: [Issue], authority })).close()
  await expect(openReplay(file, { authority: '00'.repeat(32) })).rejects.toThrow(/authority/)

  const path = join(folder, 'browser.ibexreplay')
  writeFileSync(path, file)
  const shown = await ibex(folder, 'replay', path, '--json', '--authority', authority!)
  expect(shown.code).toBe(0)
  expect(JSON.parse(shown.lines[0]!)).toMatchObject({ ok: true, actions: states.length, trust: 'as asked' })
  for (const [i, state] of states.entries()) {
    const { lines } = await ibex(folder, 'show', '--json', `@~${states.length - 1 - i}:issue`, '--replay', path)
    const items = lines.map((line) => JSON.parse(line) as { $schema?: string })
    for (const item of items) delete item.$schema
    expect(sorted(items)).toBe(sorted(JSON.parse(state) as object[]))
  }
  expect((await ibex(folder, 'verify', '--replay', path)).code).toBe(0)
})

test('what a recording leaves out is gone from its bytes, and it still verifies', async ({ page, serve, site }) => {
  const server = await serve()
  await visit(page, site, { server: server.url })
  await page.evaluate(() => {
    app.issues.create({ title: 'public', body: 'a secret before' }, { id: 'before' })
    app.issues.create({ title: 'public' }, { id: 'other' })
  })
  await page.evaluate(() => app.store.synced())
  const from = await page.evaluate(async () => (await app.store.history()).now())
  await page.evaluate(() => {
    app.issues.update('other', { body: 'a secret since' })
    app.issues.update('other', { done: true })
  })
  await page.evaluate(() => app.store.synced())
  await until(page, () => app.status().pending === 0)
  for (const range of [{}, { from }]) {
    const { file } = await record(page, range, 'secret')
    const replay = await openReplay(file, { schemas: [Issue] })
    expect(replay.info.redacted).toBeGreaterThan(0)
    expect((await replay.history.verify()).ok).toBe(true)
    replay.close()
    const { base, commits } = await decodeReplay(file, createNodeCrypto(), nodeCompression)
    const bytes = Buffer.concat([...commits, base?.keyframe ?? new Uint8Array()])
    expect(bytes.includes('other')).toBe(true)
    expect(bytes.includes('secret')).toBe(false)
    const plain = (await record(page, range)).file
    const whole = await decodeReplay(plain, createNodeCrypto(), nodeCompression)
    expect(Buffer.concat([...whole.commits, whole.base?.keyframe ?? new Uint8Array()]).includes('secret')).toBe(true)
  }
})
