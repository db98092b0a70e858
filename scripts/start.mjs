/**
 * Serves the demo with its server: `npm start`. Installs and builds what is missing first. Arguments are handed on to
 * `ibex serve`: `npm start -- --port 9000`.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { constants } from 'node:os'
import { ensureBuilt } from './build.mjs'
import { buildDemo, demo } from './demo.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './run.mjs'

const PORT = 8080

/** Whether nobody listens on a port of this machine. @type {(port: number) => Promise<boolean>} */
const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })

await ensureInstalled()
for (const make of [ensureBuilt, buildDemo]) {
  const { code, output } = await make()
  if (code !== 0) {
    console.error(output.split('\n', 1)[0])
    process.exit(code)
  }
}

const given = process.argv.slice(2)
const args = ['dist/src/cli/main.js', 'serve', '--static', demo.app, '--data', 'data', '--config', demo.config]
if (!given.some((arg) => arg === '--port' || arg.startsWith('--port='))) {
  let port = PORT
  while (port < PORT + 100 && !(await isFree(port))) port++
  if (port !== PORT) console.log(`Port ${PORT} is busy: taking ${port}.`)
  args.push('--port', String(port))
}

const server = spawn(process.execPath, [...args, ...given], { cwd: root, stdio: 'inherit' })
// The server shuts down gracefully; this process waits for it. Ctrl+C reaches both by itself.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => server.kill('SIGTERM'))
server.on('exit', (code, signal) => (process.exitCode = code ?? (signal ? 128 + constants.signals[signal] : 1)))
