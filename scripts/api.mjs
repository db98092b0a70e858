/**
 * The package's public face as committed text: a wider door shows in review. `docs/api/<door>.api.md` is what a door lets out;
 * `docs/api/hidden.md` lists what the doors speak of and none of them lets out. With --check nothing is written.
 */
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { root } from './run.mjs'

const check = process.argv.includes('--check')
const built = await ensureBuilt()
if (built.code !== 0) process.exit(built.code)

// API Extractor brings a TypeScript of its own; it reads declarations only.
const compilerOptions = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2023', 'dom'],
  strict: true,
  types: [],
  skipLibCheck: true,
}
const temporary = join(root, 'node_modules/.cache/ibex-api')
mkdirSync(join(root, 'docs/api'), { recursive: true })

/** @type {{ exports: Record<string, string | { types: string }> }} */
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
let failed = false
/** What a door uses without exporting it: name → doors. @type {Map<string, Set<string>>} */
const hidden = new Map()
/** What any door exports. @type {Set<string>} */
const exported = new Set()
for (const [door, target] of Object.entries(manifest.exports)) {
  if (typeof target === 'string') continue
  const name = door === '.' ? 'index' : door.slice(2)
  const entry = join(root, target.types)
  if (!existsSync(entry)) {
    console.log(`${name}: ${target.types} was not built`)
    failed = true
    continue
  }
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions }, skipLibCheck: true },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, 'docs/api'),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  })
  /** @type {string[]} */
  const messages = []
  const report = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => {
      message.handled = true
      if (message.logLevel === ExtractorLogLevel.Error) messages.push(message.text)
      const symbol = message.messageId === 'ae-forgotten-export' && /symbol "([^"]+)"/.exec(message.text)?.[1]
      if (symbol) hidden.set(symbol, (hidden.get(symbol) ?? new Set()).add(name))
    },
  })
  const text = readFileSync(join(temporary, `${name}.api.md`), 'utf8')
  for (const [, symbol = ''] of text.matchAll(
    /^export (?:abstract )?(?:function|const|let|class|interface|type) (\w+)/gm,
  ))
    exported.add(symbol)
  say(name, report.apiReportChanged, messages)
}

const file = join(root, 'docs/api/hidden.md')
const lines = [...hidden]
  .filter(([symbol]) => !exported.has(symbol))
  .map(([symbol, doors]) => `- \`${symbol}\` (${[...doors].join(', ')})\n`)
const text = `# Types that a door speaks of and no door exports\n\n${lines.sort().join('')}`
const changed = !existsSync(file) || readFileSync(file, 'utf8') !== text
if (!check) writeFileSync(file, text)
say('hidden', changed, [])
rmSync(temporary, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0

/** @type {(name: string, changed: boolean, errors: readonly string[]) => void} */
function say(name, changed, errors) {
  failed ||= errors.length > 0 || (changed && check)
  const state = !changed ? 'unchanged' : check ? 'differs from docs/api: npm run api' : 'written'
  console.log(`${name}: ${errors.length > 0 ? errors.join('\n  ') : state}`)
}
