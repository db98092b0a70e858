/**
 * Runs all tests: `npm test`. Installs what is missing first: packages, and a Chromium if the machine has none.
 *
 *     node scripts/test.mjs [part …] [-- arguments for the part's runner]
 *
 * Parts: unit, hooks, browser, stories; and check, which runs only when it is named. The last line says `N passed, N failed`; the exit
 * code is 1 if anything failed, or if a part ran no test at all.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkAll } from './check.mjs'
import { requireChromium } from './chromium.mjs'
import { ensureInstalled, ensureStoriesInstalled } from './install.mjs'
import { runTool } from './run.mjs'

/** @typedef {{ passed: number, failed: number, skipped?: number }} Count */

const separator = process.argv.indexOf('--')
const named = process.argv.slice(2, separator < 0 ? undefined : separator)
const extra = separator < 0 ? [] : process.argv.slice(separator + 1)

const folder = mkdtempSync(join(tmpdir(), 'ibex-test-'))

/** What a runner wrote of its results; undefined if it died before. @param {string} file @returns {any} */
function results(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @type {(name: string, args: readonly string[], env?: Record<string, string>) => Promise<Count>} */
async function vitest(name, args, env = {}) {
  const file = join(folder, `${name}.json`)
  const { code } = await runTool(
    'vitest/vitest.mjs',
    ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...extra],
    { env },
  )
  const found = results(file)
  const passed = found?.numPassedTests ?? 0
  // A file that could not be loaded has no tests to fail: it counts as one.
  const broken = (found?.testResults ?? []).filter(
    (/** @type {any} */ suite) =>
      suite.status === 'failed' && !suite.assertionResults.some((/** @type {any} */ each) => each.status === 'failed'),
  ).length
  const failed = (found?.numFailedTests ?? 0) + broken
  return {
    passed,
    failed: failed || (code === 0 ? 0 : 1),
    skipped: (found?.numPendingTests ?? 0) + (found?.numTodoTests ?? 0),
  }
}

/** @returns {Promise<Count>} */
async function playwright() {
  const file = join(folder, 'browser.json')
  const chromium = await requireChromium()
  const { code } = await runTool('@playwright/test/cli.js', ['test', '--reporter=list,json', ...extra], {
    env: { CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  })
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = results(file)?.stats ?? {}
  // A test that passes only at the second try has failed.
  const failed = unexpected
  return { passed: expected + flaky, failed: failed || (code === 0 ? 0 : 1), skipped }
}

/** @type {Record<string, () => Promise<Count>>} */
const PARTS = {
  check: checkAll,
  unit: () => vitest('unit', ['--project', 'unit']),
  hooks: () => vitest('hooks', ['--project', 'hooks-*']),
  browser: playwright,
  stories: async () => {
    await ensureStoriesInstalled()
    return vitest('stories', ['--root', 'stories'], { CHROMIUM: await requireChromium() })
  },
}

await ensureInstalled()
const wrong = named.find((name) => !PARTS[name])
if (wrong !== undefined) {
  console.error(`There is no part "${wrong}". Parts: ${Object.keys(PARTS).join(', ')}.`)
  process.exit(1)
}

const total = { passed: 0, failed: 0 }
const summary = []
for (const name of named.length > 0 ? named : ['unit', 'hooks', 'browser', 'stories']) {
  console.log(`\n── ${name} ──`)
  const start = performance.now()
  let count = /** @type {Count} */ ({ passed: 0, failed: 1 })
  try {
    count = (await PARTS[name]?.()) ?? count
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
  if (count.passed + count.failed === 0) {
    console.error(`${name}: no test ran, and a part without tests has failed.`)
    count.failed = 1
  }
  total.passed += count.passed
  total.failed += count.failed
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const skipped = count.skipped ? `, ${count.skipped} skipped` : ''
  summary.push(`${name.padEnd(8)} ${count.passed} of ${count.passed + count.failed} passed${skipped}, ${seconds} s`)
}
rmSync(folder, { recursive: true, force: true })

console.log(`\n${summary.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
