/** Firefox, driven by WebDriver BiDi over its own socket: Playwright cannot drive the one that a system has. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { WebSocket } from 'ws'

const PROGRAMS = ['firefox-esr', 'firefox']

/** The Firefox of this machine; `FIREFOX` in the environment comes first. */
export function findFirefox(): string | undefined {
  const named = process.env['FIREFOX']
  if (named) return named
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return folders.flatMap((folder) => PROGRAMS.map((name) => join(folder, name))).find((path) => existsSync(path))
}

/** A tab or frame. */
export interface Context {
  readonly context: string
  readonly url: string
  readonly children?: readonly Context[] | null
}

export interface Firefox {
  installExtension(folder: string): Promise<void>
  /** Opens a page in a new tab; answers its context. */
  open(url: string): Promise<string>
  contexts(): Promise<readonly Context[]>
  /** The value of an expression in a page, which must be a text. */
  evaluate(context: string, expression: string): Promise<string>
  close(): Promise<void>
}

export async function launchFirefox(program: string): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'ibex-firefox-'))
  const child = spawn(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const socket = new WebSocket(`${await addressOf(child)}/session`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let count = 0
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { id?: number; type: string; result: never; message?: string }
    const caller = message.id === undefined ? undefined : waiting.get(message.id)
    if (message.type === 'error') caller?.reject(new Error(message.message))
    else caller?.resolve(message.result)
  })

  function send<T>(method: string, params: object): Promise<T> {
    const id = ++count
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      socket.send(JSON.stringify({ id, method, params }))
    })
  }

  await send('session.new', { capabilities: {} })
  return {
    async installExtension(path) {
      await send('webExtension.install', { extensionData: { type: 'path', path } })
    },
    async open(url) {
      const { context } = await send<{ context: string }>('browsingContext.create', { type: 'tab' })
      await send('browsingContext.navigate', { context, url, wait: 'complete' })
      return context
    },
    async contexts() {
      return (await send<{ contexts: Context[] }>('browsingContext.getTree', {})).contexts
    },
    async evaluate(context, expression) {
      const { result, exceptionDetails } = await send<{
        result?: { value: string }
        exceptionDetails?: { text: string }
      }>('script.evaluate', { expression, target: { context }, awaitPromise: true })
      if (!result) throw new Error(exceptionDetails?.text)
      return result.value
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await send('browser.close', {}).catch(() => child.kill('SIGKILL'))
      await ended
      socket.terminate()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Where it listens, as it says at its start. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr!.on('data', (data: Buffer) => {
      said += data.toString()
      const found = /listening on (ws:\/\/\S+)/.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`Firefox has ended: ${said}`)))
  })
}
