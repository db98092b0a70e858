/**
 * Everything that can be said of the code without running it. `npm run check` says one line a step, and after it what a step
 * that failed has printed; `npm run check:types` (and so on) runs one step and shows everything.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled, ensureStoriesInstalled } from './install.mjs'
import { root, run, runTool } from './run.mjs'

/** @typedef {{ code: number, output: string }} Result */
/** @typedef {{ quiet: boolean }} Options */

/** Runs all, even after a failure; the first bad code counts. @param {readonly (() => Promise<Result>)[]} tasks @returns {Promise<Result>} */
async function all(tasks) {
  const total = { code: 0, output: '' }
  for (const task of tasks) {
    const { code, output } = await task()
    total.code ||= code
    total.output += output
  }
  return total
}

/** Projects that use the package by its name, and so see the types that it publishes. */
function guests() {
  const folders = ['devtools-extension', 'bench', 'stories']
  if (existsSync(join(root, 'examples')))
    folders.push(...readdirSync(join(root, 'examples')).map((name) => `examples/${name}`))
  // The existing app is compiled where it is used: outside, with the packed package.
  return folders.filter(
    (folder) => folder !== 'examples/existing-app' && existsSync(join(root, folder, 'tsconfig.json')),
  )
}

const script = (/** @type {string} */ name, /** @type {string[]} */ ...args) => [join(root, 'scripts', name), ...args]

/** @type {Record<string, (options: Options) => Promise<Result>>} */
const STEPS = {
  types: async (options) => {
    await ensureStoriesInstalled()
    const tsc = (/** @type {string[]} */ ...args) =>
      runTool('typescript/bin/tsc', ['--pretty', 'false', ...args], options)
    return all([
      () => tsc('-p', 'tsconfig.json'),
      () => tsc('-p', 'tsconfig.build.json', '--noEmit'),
      ...(guests().length > 0 ? [() => ensureBuilt(options)] : []),
      ...guests().map((folder) => () => tsc('-p', folder, '--noEmit')),
    ])
  },
  lint: (options) =>
    runTool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives'], options),
  format: (options) => runTool('oxfmt/bin/oxfmt', ['--check', '.'], options),
  floors: (options) => runTool('vitest/vitest.mjs', ['run', '--project', 'unit', 'tests/architecture'], options),
  api: (options) => run(process.execPath, script('api.mjs', '--check'), options),
  size: (options) => run(process.execPath, script('size.mjs'), options),
  package: (options) => run(process.execPath, script('package.mjs'), options),
  extension: (options) => run(process.execPath, script('extension.mjs'), options),
}

/** Runs every step, one line each. @returns {Promise<{ passed: number, failed: number }>} */
export async function checkAll() {
  const count = { passed: 0, failed: 0 }
  for (const [name, step] of Object.entries(STEPS)) {
    const start = performance.now()
    const { code, output } = await step({ quiet: true })
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${code === 0 ? '✓' : '✗'} ${name.padEnd(8)} ${seconds.padStart(5)} s`)
    if (code === 0) count.passed++
    else {
      count.failed++
      console.log(output.trimEnd().replace(/^/gm, '    '))
    }
  }
  return count
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled()
  const [name] = process.argv.slice(2)
  if (name === undefined) {
    process.exitCode = (await checkAll()).failed > 0 ? 1 : 0
  } else if (STEPS[name]) {
    process.exitCode = (await STEPS[name]({ quiet: false })).code
  } else {
    console.error(`There is no step "${name}". Steps: ${Object.keys(STEPS).join(', ')}.`)
    process.exitCode = 1
  }
}
