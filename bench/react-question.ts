/** How the questions about React are asked. */
import { bundlePage, openBrowser, servePage, threadTime } from './browser.js'
import { median } from './measure.js'
import type { Answer, Effort } from './question.js'
import type { Shown, View } from './react/rows.js'

/** Shows tasks by a library, edits them, and answers milliseconds until the document shows an edit. */
export async function askPage(
  peer: string,
  view: View,
  what: 'title' | 'move',
  size: number,
  effort: Effort,
): Promise<Answer> {
  const code = await bundlePage(
    `import { open } from './react/peers/${peer}.js'
     import { show } from './react/rows.js'
     show(open, ${JSON.stringify(view)}, ${size}).then((shown) => { window.shown = shown }, (error) => { window.failure = String(error) })`,
  )
  const server = await servePage(code)
  const browser = await openBrowser()
  try {
    const { page } = browser
    page.on('pageerror', (error) => console.error(error))
    await page.goto(server.url)
    await page.waitForFunction(() => 'shown' in globalThis || 'failure' in globalThis, undefined, { timeout: 60_000 })
    const failure = await page.evaluate(() => (globalThis as { failure?: string }).failure)
    if (failure) throw new Error(failure)
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    const edit = (count: number): Promise<readonly number[]> =>
      page.evaluate(([what, count]) => (globalThis as unknown as { shown: Shown }).shown.edit(what, count), [
        what,
        count,
      ] as const)
    const counts = (): Promise<{ rows: number; lists: number }> =>
      page.evaluate(() => (globalThis as unknown as { shown: Shown }).shown.counts())

    // Many, so that the engine has compiled what it is going to compile; where each takes long, few.
    const several = async (milliseconds: number): Promise<number[]> => {
      const times: number[] = []
      const patience = performance.now() + 20 * milliseconds
      for (
        let count = 2;
        times.length < milliseconds && performance.now() < patience;
        count = Math.min(50, count * 2)
      ) {
        times.push(...(await edit(count)))
      }
      return times
    }
    await several(effort.warm * 2)
    const before = await counts()
    const start = await threadTime(session)
    const times = await several(effort.measure)
    const work = (await threadTime(session)) - start
    const after = await counts()
    const renders = (key: 'rows' | 'lists'): number => (after[key] - before[key]) / times.length
    return {
      value: median(times),
      more: { 'rows rendered': renders('rows'), 'lists rendered': renders('lists'), 'ms of work': work / times.length },
    }
  } finally {
    await browser.close()
    server.close()
  }
}
