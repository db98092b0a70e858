/** The same extension in Firefox, where there is one: from a page's store through every hop to a panel. */
import { expect } from '@playwright/test'
import { test } from './extension-world.js'
import { findFirefox, type Firefox, launchFirefox } from './firefox.js'

const program = findFirefox()

test('a store is seen, copied and followed in Firefox', async ({ extension, site }) => {
  test.skip(program === undefined, 'Firefox is not installed: the extension is tried in Chromium only.')
  const firefox = await launchFirefox(program!)
  try {
    await firefox.installExtension(extension.firefox)
    // The page for tests opens by itself beside a page of this address: nobody else may open pages of an extension.
    const page = await firefox.open(`${site}/inspected.html?stores=main#probe`)
    let panel = ''
    await expect(async () => {
      panel = await panelIn(firefox)
    }).toPass({ intervals: [100] })
    const ask = (expression: string): Promise<string> => firefox.evaluate(panel, `JSON.stringify(${expression})`)
    await expect.poll(() => ask('probe.stores()')).toBe('["main connected"]')
    await firefox.evaluate(page, `inspected.write('main', 'x'.repeat(1_000_000 / 5), 'one').then(() => '')`)
    await firefox.evaluate(panel, `probe.copy('main').then(() => '')`)
    await expect
      .poll(() => ask(`probe.rows('main').map(({ $id, text }) => [$id, text.length])`))
      .toBe('[["one",200000]]')
    await firefox.evaluate(page, `inspected.write('main', 'y', 'two').then(() => '')`)
    await expect.poll(() => ask(`probe.rows('main').length`)).toBe('2')
  } finally {
    await firefox.close()
  }
})

async function panelIn(firefox: Firefox): Promise<string> {
  for (const { context } of await firefox.contexts()) {
    const href = await firefox.evaluate(context, `String(globalThis.probe && location.href)`)
    if (href.startsWith('moz-extension:')) return context
  }
  throw new Error('The panel has not opened.')
}
