/** The package's public face as committed text, `docs/api/<door>.api.md`: a wider door shows in review. With --check nothing is written. */
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
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
    },
  })
  const changed = report.apiReportChanged
  if (messages.length > 0 || (changed && check)) failed = true
  console.log(
    `${name}: ${messages.length > 0 ? messages.join('\n  ') : !changed ? 'unchanged' : check ? 'differs from docs/api: npm run api' : 'written'}`,
  )
}
rmSync(temporary, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0
