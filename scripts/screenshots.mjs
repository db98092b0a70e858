/**
 * Makes the pictures of the docs anew, from the stories: `npm run screenshots`. With `--all <folder>` one of every story, in
 * light and in dark, to be looked at; with `--only sync` as well, those only whose name has that in it.
 */
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromiumArgs, requireChromium } from './chromium.mjs'
import { ensureInstalled } from './install.mjs'
import { root, run } from './run.mjs'

/** Story, theme, file. @type {readonly (readonly [string, 'light' | 'dark', string])[]} */
const PICTURES = [
  ['panel-timeline--past', 'light', 'timeline'],
  ['panel-timeline--past', 'dark', 'timeline-dark'],
  ['panel-graph--scattered', 'dark', 'graph-dark'],
  ['panel-items--past', 'light', 'items'],
  ['panel-conflicts--some', 'light', 'conflicts'],
  ['panel-queries--at-work', 'dark', 'queries-dark'],
]
const SIZE = { width: 1200, height: 640 }

const { values } = parseArgs({ options: { all: { type: 'string' }, only: { type: 'string', default: '' } } })

await ensureInstalled()
const { code } = await run(process.execPath, [join(root, 'scripts/storybook.mjs'), 'build'])
if (code !== 0) process.exit(code)
const dist = join(root, 'stories/dist')
const stories = Object.keys(JSON.parse(readFileSync(join(dist, 'index.json'), 'utf8')).entries)
const unknown = PICTURES.find(([id]) => !stories.includes(id))
if (unknown && !values.all) throw new Error(`There is no story ${unknown[0]}. Stories: ${stories.join(', ')}`)

const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
})
const server = createServer(({ url = '/' }, response) => {
  const file = join(dist, new URL(url, 'http://localhost').pathname)
  if (!existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())

const { chromium } = await import('playwright')
const browser = await chromium.launch({ executablePath: await requireChromium(), args: chromiumArgs })
try {
  /** @type {(story: string, theme: string, file: string) => Promise<void>} */
  const shoot = async (story, theme, file) => {
    const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce' })
    await page.goto(`http://localhost:${port}/iframe.html?id=${story}&viewMode=story&globals=theme:${theme}`)
    // When the story was played.
    await page.waitForFunction(
      () => /** @type {any} */ (globalThis).__STORYBOOK_PREVIEW__?.currentRender?.phase === 'finished',
      undefined,
      { timeout: 60_000 },
    )
    await page.screenshot({ path: file, animations: 'disabled' })
    await page.close()
    console.log(file)
  }
  if (values.all) {
    mkdirSync(values.all, { recursive: true })
    for (const story of stories.filter((id) => !id.endsWith('--docs') && id.includes(values.only))) {
      for (const theme of ['light', 'dark']) await shoot(story, theme, join(values.all, `${story}-${theme}.png`))
    }
  } else {
    mkdirSync(join(root, 'docs/pictures'), { recursive: true })
    for (const [story, theme, name] of PICTURES) await shoot(story, theme, join(root, `docs/pictures/${name}.png`))
  }
} finally {
  await browser.close()
  server.close()
}
