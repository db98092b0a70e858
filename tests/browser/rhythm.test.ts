/** When commits leave (I-2), and how soon another screen shows them. */
import { expect, type Page } from '@playwright/test'
import { decodeMessage } from '../../src/sync/message-codec.js'
import { converge, test, until, visit } from './world.js'

interface Sent {
  readonly at: number
  readonly bytes: readonly number[]
}

/** Notes in the page when it signs and what it sends. */
const watch = (): void => {
  const signed: number[] = []
  const sent: Sent[] = []
  const { sign } = SubtleCrypto.prototype
  SubtleCrypto.prototype.sign = function (...args) {
    signed.push(performance.now())
    return sign.apply(this, args)
  }
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (data) {
    sent.push({ at: performance.now(), bytes: [...(data as Uint8Array)] })
    send.call(this, data)
  }
  Object.assign(globalThis, { signed, sent })
}

declare const signed: number[]
declare const sent: Sent[]

/** When commits were sent since `from`, by the page's clock. */
async function commitsSince(page: Page, from: number): Promise<number[]> {
  const frames = await page.evaluate((from) => sent.filter(({ at }) => at >= from), from)
  return frames.filter(({ bytes }) => decodeMessage(new Uint8Array(bytes)).type === 'commits').map(({ at }) => at)
}

test('I-2: while one types without pause commits leave at least 333 ms apart, an isolated edit leaves at once', async ({
  guest,
  page,
  serve,
  site,
}) => {
  const server = await serve()
  await page.addInitScript(watch)
  await visit(page, site, { server: server.url })
  const other = await visit(await guest(), site, { server: server.url })
  await page.click('text=Add')
  await converge(page, other)

  await page.focus('li input')
  const from = await page.evaluate(() => performance.now())
  const text = 'typed without any pause by somebody who has much to say and is quick about it '.repeat(2)
  await page.keyboard.type(text, { delay: 15 })
  await converge(page, other)
  await expect(other.locator('li input')).toHaveValue(`New${text}`)
  const times = await page.evaluate((from) => signed.filter((at) => at >= from), from)
  expect(times.length).toBeGreaterThan(5)
  // A commit is made a moment before it is signed: what the pauses lack of 333 ms, all of them together do not.
  for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThan(300)
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(333 * (times.length - 1) - 33)
  expect(await commitsSince(page, from)).toHaveLength(times.length)

  // After quiet, an edit leaves at once; that it takes longer now and then is the machine's doing.
  const delays: number[] = []
  for (let i = 0; i < 10; i++) {
    const quiet = await page.evaluate(() => performance.now())
    await until(page, (quiet) => performance.now() - quiet > 350, quiet)
    const edited = await page.evaluate((i) => {
      const now = performance.now()
      app.issues.update(app.all()[0]!.$id, { body: `isolated ${i}` })
      return now
    }, i)
    await until(page, (edited) => sent.some(({ at }) => at > edited), edited)
    delays.push((await commitsSince(page, edited))[0]! - edited)
  }
  delays.sort((a, b) => a - b)
  expect(delays[2]).toBeLessThan(50)
})
