/** `ibex serve`: an app's files and its sync, in one process. */
import { resolve } from 'node:path'
import { createServer, type IbexServer, type Listening } from '../server.js'
import { findConfigFile, loadConfigFile } from './config-file.js'

export interface ServeOptions {
  readonly config?: string | undefined
  readonly data: string
  readonly authority?: string | undefined
  readonly static?: string | undefined
  readonly port: number
  readonly host?: string | undefined
  readonly path: string
  readonly open?: boolean | undefined
  readonly origin?: readonly string[] | undefined
  readonly trustProxy?: boolean | undefined
}

/** Ports that are tried when the one asked for is busy. */
const PORTS = 100

/** Starts serving and says where. Rejects with an `IbexError` that says what is wrong. */
export async function serve(options: ServeOptions, say: (line: string) => void): Promise<IbexServer> {
  const { data, authority, static: files, path, open, origin, trustProxy } = options
  const file = options.config === undefined ? findConfigFile(process.cwd()) : resolve(options.config)
  const config = file === undefined ? undefined : await loadConfigFile(file)
  const server = createServer({
    data,
    path,
    ...(config && { config }),
    ...(authority !== undefined && { authority }),
    ...(files !== undefined && { static: files }),
    ...(open !== undefined && { open }),
    ...(origin !== undefined && { origins: origin }),
    ...(trustProxy !== undefined && { trustProxy }),
    log: say,
  })
  // Where nothing protects the data, only this machine may come near it, unless somebody said otherwise.
  const guarded = config?.rules !== undefined || open === true
  const host = options.host ?? (guarded ? undefined : '127.0.0.1')
  let listening: Listening
  try {
    listening = await listen(server, options.port, host, say)
  } catch (error) {
    await server.close().catch(() => {})
    throw error
  }
  say(`Ibex serves ${listening.url}`)
  say(`  sync   ${listening.url.replace('http', 'ws').replace(/\/$/, '')}${path}`)
  say(`  data   ${resolve(data)} (authority key: ${resolve(authority ?? `${resolve(data)}.authority`)})`)
  if (config?.rules) say(`  rules  from ${file}`)
  else say(`  rules  none${file ? ` in ${file}` : ''}: everybody who can connect may read and write everything`)
  if (host === '127.0.0.1' && options.host === undefined)
    say('         so only this machine can; --host 0.0.0.0 lets others')
  return server
}

/** The port asked for, or the next one that is free. */
async function listen(
  server: IbexServer,
  port: number,
  host: string | undefined,
  say: (line: string) => void,
): Promise<Listening> {
  for (let tried = port; ; tried++) {
    try {
      return await server.listen(tried, host)
    } catch (error) {
      const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!busy || port === 0 || tried >= port + PORTS || tried >= 65535) throw error
      say(`Port ${tried} is busy: trying ${tried + 1}.`)
    }
  }
}
