/// <reference types="chrome" />
/**
 * `npm run bench:panel`: the panel at a page with a long history, in real Chromium with the built extension. How long it takes
 * to be there, how it scrubs (by a trace that is kept), and what it costs the page.
 */
import { build } from 'esbuild'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { chromiumArgs, requireChromium } from '../../scripts/chromium.mjs'
import { buildExtension } from '../../scripts/extension.mjs'
import { createMemoryStorage } from '../../src/storage/memory.js'
import { writeLongHistory } from '../long-history.js'
import { MAIN } from '../tasks-repository.js'
import { framesBetween, type Frames, LONG_MS, type Trace } from './frames.js'

const { values } = parseArgs({
  options: {
    commits: { type: 'string', default: '100000' },
    items: { type: 'string', default: '10000' },
    /** Where traces are kept. */
    traces: { type: 'string', default: 'temp/bench-panel' },
    /** Keeps beside each trace what the processor did, to be opened in DevTools; measuring it makes frames slower. */
    profile: { type: 'boolean', default: false },
  },
})
const root = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'ibex-bench-panel-'))
/** Milliseconds. */
const WORK_MS = 5000
const LOOKS = 5
const SCRUB_MS = 6000

/** The log of a repository, each record after its length. */
async function writeLog(): Promise<Buffer> {
  const storage = createMemoryStorage()
  await writeLongHistory(storage, { items: Number(values.items), commits: Number(values.commits) })
  const log = await storage.openLog(MAIN)
  const parts: Buffer[] = []
  await log.replay((payload) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(payload.length)
    parts.push(length, Buffer.from(payload))
  })
  return Buffer.concat(parts)
}

async function serve(log: Buffer): Promise<{ url: string; close(): void }> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['bench/panel/inspected-page.tsx'],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    alias: { 'ibex-state': join(root, 'src/index.ts') },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  const script = outputFiles[0]!.text
  const server = createServer((request, response) => {
    if (request.url === '/log') response.end(log)
    else if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><meta charset="utf-8"><main></main><script type="module" src="/page.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}

/** The extension, allowed to look everywhere: nobody is there to answer the browser's question. */
async function makeExtension(): Promise<string> {
  const outDir = join(folder, 'extension')
  await buildExtension({ outDir })
  const file = join(outDir, 'chromium/manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { optional_host_permissions: string[] }
  writeFileSync(file, JSON.stringify({ ...manifest, host_permissions: manifest.optional_host_permissions }))
  return join(outDir, 'chromium')
}

const threadTime = async (session: CDPSession): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ThreadTime')!.value * 1000
}

interface Load {
  /** What part of its time the page's main thread works. */
  readonly part: number
  /** Frames a second. */
  readonly fps: number
}

/** The page while a row is edited ten times a second: the middle one of several looks. `name`: of the profile that is kept. */
async function load(page: Page, session: CDPSession, name: string): Promise<Load> {
  await page.bringToFront()
  if (values.profile) await beginProfile(session)
  const looks: Load[] = []
  for (let look = 0; look < LOOKS; look++) looks.push(await lookAt(page, session))
  if (values.profile) await keepProfile(session, name)
  return looks.sort((a, b) => a.part - b.part)[LOOKS >> 1]!
}

async function lookAt(page: Page, session: CDPSession): Promise<Load> {
  const before = await threadTime(session)
  const began = performance.now()
  const { frames } = await page.evaluate(
    (ms) => (globalThis as unknown as { bench: { work(ms: number): Promise<{ frames: number }> } }).bench.work(ms),
    WORK_MS,
  )
  const took = performance.now() - began
  return { part: ((await threadTime(session)) - before) / took, fps: (frames / took) * 1000 }
}

/** From now on a page notes how long it works at once. */
const noteTasks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const taken = globalThis as unknown as { longest: number }
    taken.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) taken.longest = Math.max(taken.longest, duration)
    }).observe({ type: 'longtask' })
  })

const longestTask = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { longest: number }).longest)

async function beginProfile(session: CDPSession): Promise<void> {
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: 200 })
  await session.send('Profiler.start')
}

async function keepProfile(session: CDPSession, name: string): Promise<void> {
  const { profile } = await session.send('Profiler.stop')
  writeFileSync(join(values.traces, `${name}.cpuprofile`), JSON.stringify(profile))
}

async function openPanel(context: BrowserContext, url: string): Promise<Page> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  const tab = await worker.evaluate(
    async (wanted) => (await chrome.tabs.query({})).find((each) => each.url === wanted)?.id,
    url,
  )
  const panel = await context.newPage()
  await panel.setViewportSize({ width: 1400, height: 500 })
  await panel.goto(`chrome-extension://${new URL(worker.url()).host}/panel.html?tab=${tab}`)
  return panel
}

/** Drags the playhead over all of time and back, once a frame. */
async function scrub(panel: Page, view: string): Promise<Frames> {
  await panel.getByRole('tab', { name: view }).click()
  await panel.waitForTimeout(1000)
  const session = await panel.context().newCDPSession(panel)
  const events: Trace['traceEvents'][number][] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as typeof events)))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'],
    },
  })
  if (values.profile) await beginProfile(session)
  const box = (await panel.getByRole('slider', { name: 'Moment' }).boundingBox())!
  const y = box.y + 6
  await panel.mouse.move(box.x + box.width * 0.9, y)
  await panel.mouse.down()
  await panel.evaluate(() => performance.mark('scrub begins'))
  const began = performance.now()
  for (let past = 0; past < SCRUB_MS; past = performance.now() - began) {
    // There and back, over all that there is.
    const part = 0.5 + 0.45 * Math.cos((past / SCRUB_MS) * 4 * Math.PI)
    await panel.mouse.move(box.x + box.width * part, y)
  }
  await panel.evaluate(() => performance.mark('scrub ends'))
  await panel.mouse.up()
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await done
  const name = `scrub-${view.toLowerCase()}`
  writeFileSync(join(values.traces, `${name}.json`), JSON.stringify({ traceEvents: events }))
  if (values.profile) await keepProfile(session, name)
  await session.detach()
  return framesBetween({ traceEvents: events }, 'scrub begins', 'scrub ends')
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
const line = (name: string, value: string, limit: string, holds: boolean): void =>
  console.log(`${holds ? '✓' : '✗'} ${name.padEnd(58)} ${value.padStart(12)}   ${limit}`)

mkdirSync(values.traces, { recursive: true })
console.error(`Writing ${values.commits} commits …`)
const log = await writeLog()
const [site, extension] = await Promise.all([serve(log), makeExtension()])
const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: await requireChromium(),
  headless: true,
  args: [...chromiumArgs, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
})
let failed = false
const check = (name: string, value: string, limit: string, holds: boolean): void => {
  failed ||= !holds
  line(name, value, limit, holds)
}
try {
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(site.url)
  await page.waitForFunction(() => document.title === 'ready', undefined, { timeout: 120_000 })
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable')
  console.error('The page is there.')
  await lookAt(page, session)
  const alone = await load(page, session, 'page-alone')
  await noteTasks(page)

  const panel = await openPanel(context, page.url())
  const painted = await panel.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') resolve(startTime)
        }).observe({ type: 'paint', buffered: true })
      }),
  )
  await panel
    .getByRole('grid', { name: 'Timeline' })
    .waitFor({ timeout: 300_000 })
    .catch(async (error: unknown) => {
      console.error(`The panel shows: ${await panel.locator('body').innerText()}`)
      throw error
    })
  const listed = await panel.evaluate(() => performance.now())
  await noteTasks(panel)
  const panelSession = await context.newCDPSession(panel)
  if (values.profile) await beginProfile(panelSession)
  check('panel open to first paint', `${painted.toFixed(0)} ms`, '≤ 1000 ms', painted <= 1000)
  await panel.locator('.older').waitFor({ state: 'detached', timeout: 300_000 })
  const whole = await panel.evaluate(() => performance.now())
  if (values.profile) await keepProfile(panelSession, 'panel-fills')
  const longest = await longestTask(page)
  const panelLongest = await longestTask(panel)
  line('panel open to its views', `${(listed / 1000).toFixed(1)} s`, '', true)
  line('panel open to the whole history', `${(whole / 1000).toFixed(1)} s`, '', true)
  line('the longest that the page works at once meanwhile', `${longest.toFixed(0)} ms`, '', true)
  line('the longest that the panel does, once its views are there', `${panelLongest.toFixed(0)} ms`, '', true)

  for (const view of ['Timeline', 'Items', 'Graph']) {
    const { frames, busy, long, median, p99 } = await scrub(panel, view)
    const part = long / frames
    check(
      `scrubbing, ${view}: frames with more than ${LONG_MS} ms of work`,
      percent(part),
      `≤ 5 %  (of ${frames}, ${busy} with something to draw; median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms)`,
      part <= 0.05,
    )
  }

  // Queries has the page measure them.
  for (const view of ['Timeline', 'Queries']) {
    await panel.getByRole('tab', { name: view }).click()
    const watched = await load(page, session, `page-looked-at-${view.toLowerCase()}`)
    await panel.bringToFront()
    const lost = watched.part - alone.part
    check(
      `what the page loses of its frames while looked at, ${view}`,
      percent(Math.max(0, lost)),
      `≤ 2 %  (${percent(alone.part)} of its time alone, ${percent(watched.part)} looked at; ${watched.fps.toFixed(0)} frames a second)`,
      lost <= 0.02,
    )
  }
  console.log(`Traces: ${values.traces}`)
} finally {
  await context.close()
  site.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
process.exitCode = failed ? 1 : 0
