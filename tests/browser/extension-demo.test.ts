/** The demo under the extension, and the panel where it lives: in a real window of the developer tools. */
import { type CDPSession, expect, mergeTests, type Page } from '@playwright/test'
import { test as withExtension } from './extension-world.js'
import { test as withTracker } from './tracker-site.js'

const test = mergeTests(withTracker, withExtension)
test.use({ mode: 'development' })

/** Opens the demo in a browser that has the extension. */
async function visit(page: Page, address: string): Promise<Page> {
  await page.goto(`${address}?as=mara`)
  await page.getByRole('grid', { name: 'Issues' }).waitFor()
  return page
}

test('the demo: all that one does arrives in the panel', async ({ address, browserWithExtension }) => {
  const { context, probe: look } = browserWithExtension
  const page = await visit(await context.newPage(), address)
  const panel = await look(page)
  await expect.poll(() => panel.evaluate(() => probe.stores())).toEqual(['tracker connected'])
  await panel.evaluate(() => probe.copy('tracker'))
  const before = await panel.evaluate(() => probe.commits('tracker'))
  expect(before).toBeGreaterThan(0)
  await page.keyboard.press('c')
  await page.keyboard.type('Seen by the panel')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => panel.evaluate(() => probe.commits('tracker'))).toBeGreaterThan(before)
  await expect(page.getByRole('row').filter({ hasText: 'Seen by the panel' })).toBeVisible()
})

interface Target {
  evaluate(expression: string): Promise<unknown>
}

/** Playwright hides the developer tools: they are reached by hand. */
async function attach(root: CDPSession, match: (url: string) => boolean): Promise<Target> {
  let found: { targetId: string } | undefined
  await expect(async () => {
    const { targetInfos } = await root.send('Target.getTargets', { filter: [{}] })
    found = targetInfos.find(({ type, url }) => type !== 'tab' && match(url))
    expect(found).toBeDefined()
  }).toPass({ intervals: [100] })
  const { sessionId } = await root.send('Target.attachToTarget', { targetId: found!.targetId, flatten: false })
  const waiting = new Map<number, (message: Record<string, unknown>) => void>()
  let count = 0
  root.on('Target.receivedMessageFromTarget', (event) => {
    const message = JSON.parse(event.message) as { id?: number }
    if (event.sessionId === sessionId && message.id !== undefined) waiting.get(message.id)?.(message)
  })
  return {
    async evaluate(expression) {
      const id = ++count
      const answer = new Promise<Record<string, unknown>>((resolve) => waiting.set(id, resolve))
      // As somebody's who is there: what one may do without is less.
      const params = { expression, awaitPromise: true, returnByValue: true, userGesture: true }
      await root.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id, method: 'Runtime.evaluate', params }),
      })
      const { result } = (await answer) as { result: { result: { value: unknown }; exceptionDetails?: object } }
      if (result.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails))
      return result.result.value
    },
  }
}

test('the real developer tools have the panel, and it shows the store', async ({ address, launch }) => {
  const { context } = await launch({ args: ['--auto-open-devtools-for-tabs'] })
  await visit(context.pages()[0] ?? (await context.newPage()), address)
  const root = await context.browser()!.newBrowserCDPSession()
  // Before that is there, the tools are not ready.
  await attach(root, (url) => url.startsWith('chrome-extension://') && url.endsWith('/devtools-page.html'))
  const tools = await attach(root, (url) => url.startsWith('devtools://'))
  const show = (name: string): Promise<unknown> =>
    tools.evaluate(`(async () => {
      const { InspectorView, ViewManager } = await import('./ui/legacy/legacy.js')
      for (let n = 0; n < 300; n++) {
        const id = InspectorView.InspectorView.instance().tabbedPane.tabIds().find((each) => each.endsWith('${name}'))
        if (id) return ViewManager.ViewManager.instance().showView(id)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error('There is no panel ${name}.')
    })()`)
  await show('Ibex')
  const panel = await attach(root, (url) => url.endsWith('/panel.html'))
  // It is reached before it has been read.
  await expect.poll(() => panel.evaluate(`document.body?.innerText ?? ''`)).toContain('tracker')
  // What a panel of the developer tools may do is less than what other pages of an extension may: this is what it needs.
  expect(await panel.evaluate('typeof chrome.permissions?.request')).toBe('function')
  // To copy is one of those things.
  await expect
    .poll(() => panel.evaluate(`document.querySelector('[role=grid]') !== null`), { timeout: 30_000 })
    .toBe(true)
  await panel.evaluate(`Array.from(document.querySelectorAll('button'), (button) =>
    button.textContent === 'Copy as test' && button.click())`)
  await expect.poll(() => panel.evaluate(`document.querySelector('.notice')?.textContent`)).toMatch(/^Copied/)
  const [page] = context.pages()
  await context.grantPermissions(['clipboard-read'])
  const copied = async (): Promise<string> => {
    await page!.bringToFront()
    // Only who has the focus may read, and the tools had it.
    return page!.evaluate(() => (document.hasFocus() ? navigator.clipboard.readText() : ''))
  }
  await expect.poll(copied).toContain("from 'ibex-state/testing'")

  // A frame of another site is offered to be looked into. Here all sites are allowed: one is said not to be.
  const offered = (): Promise<unknown> =>
    panel.evaluate(
      `Array.from(document.querySelectorAll('button'), ({ textContent }) => textContent).filter((text) => text.startsWith('Look into'))`,
    )
  expect(await offered()).toEqual([])
  await panel.evaluate(`void (chrome.permissions.contains = async ({ origins }) => !origins[0].includes('elsewhere'))`)
  await page!.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.hidden = true
    frame.src = 'http://elsewhere.localhost:1/'
    document.body.append(frame)
  })
  await expect.poll(offered, { timeout: 30_000 }).toEqual(['Look into elsewhere.localhost:1 too'])

  // While one looks at another panel no view works on; then all is as it was left.
  const display = (): Promise<unknown> => panel.evaluate(`getComputedStyle(document.querySelector('.body')).display`)
  await panel.evaluate(`document.querySelector('[data-view=items]').click()`)
  const before = await display()
  expect(before).not.toBe('none')
  await show('console')
  await expect.poll(display).toBe('none')
  await show('Ibex')
  await expect.poll(display).toBe(before)
  await expect.poll(() => panel.evaluate(`document.querySelector('[role=treegrid]') !== null`)).toBe(true)
  await show('console')
  await expect.poll(display).toBe('none')
  await page!.keyboard.press('c')
  await page!.keyboard.type('Written unseen')
  await page!.keyboard.press('Control+Enter')
  await show('Ibex')
  await expect.poll(display).toBe(before)
  await expect.poll(() => panel.evaluate('document.body.innerText')).toContain('Written unseen')
})
