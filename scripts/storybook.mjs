/** Storybook: `npm run storybook` shows the stories, `npm run build:storybook` makes pages of them in `stories/dist`. */
import { ensureInstalled, ensureStoriesInstalled } from './install.mjs'
import { root, run } from './run.mjs'

const [command = 'dev', ...rest] = process.argv.slice(2)
const OPTIONS = {
  dev: ['--port', '6006', '--ci', '--no-open', '--no-version-updates'],
  build: ['--output-dir', 'dist', '--quiet'],
}

await ensureInstalled()
await ensureStoriesInstalled()
const { code } = await run(
  process.execPath,
  [
    'node_modules/storybook/dist/bin/dispatcher.js',
    command,
    '--config-dir',
    '.storybook',
    ...(command === 'build' ? OPTIONS.build : OPTIONS.dev),
    ...rest,
  ],
  { cwd: `${root}/stories`, env: { STORYBOOK_DISABLE_TELEMETRY: '1' } },
)
process.exitCode = code
