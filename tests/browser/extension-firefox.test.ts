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
      panel = await pageOfExtension(firefox, 'probe')
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

test('the panel shows a page’s store in Firefox, and steps back in it', async ({ extension, site }) => {
  test.skip(program === undefined, 'Firefox is not installed: the extension is tried in Chromium only.')
  const firefox = await launchFirefox(program!)
  try {
    await firefox.installExtension(extension.firefox)
    const page = await firefox.open(`${site}/inspected.html?stores=main#panel`)
    let panel = ''
    await expect(async () => {
      panel = await pageOfExtension(firefox, 'panel')
    }).toPass({ intervals: [100] })
    const write = (text: string): Promise<string> =>
      firefox.evaluate(page, `inspected.write('main', '${text}', '${text}').then(() => '')`)
    await write('first')
    await write('second')
    const rows = (): Promise<string> =>
      firefox.evaluate(panel, `String(document.querySelectorAll('[role=grid] [role=row][aria-selected]').length)`)
    await expect.poll(rows).toBe('2')
    const detail = (): Promise<string> =>
      firefox.evaluate(panel, `String(document.querySelector('article[aria-label=Action]')?.innerText)`)
    await expect.poll(detail).toContain('second')
    await firefox.evaluate(panel, `document.querySelector('[aria-label="One action back"]').click() ?? ''`)
    await expect.poll(detail).toContain('first')
    await write('third')
    await expect.poll(rows).toBe('3')
    expect(await detail()).toContain('first')
  } finally {
    await firefox.close()
  }
})

async function pageOfExtension(firefox: Firefox, name: string): Promise<string> {
  for (const { context } of await firefox.contexts()) {
    const href = await firefox.evaluate(context, `document.readyState === 'complete' ? location.href : ''`)
    if (href.startsWith('moz-extension:') && href.includes(`/${name}.html`)) return context
  }
  throw new Error('It has not opened.')
}
