/**
 * Where the command looks: at a running server, of which it becomes a replica, in memory; at the folder of a stopped one,
 * or of a running one, which it does not disturb; or into a recording.
 */
import { resolve } from 'node:path'
import { IbexError } from '../errors.js'
import { storedSchemas } from '../history/stored-schemas.js'
import type { AnySchema } from '../schema/schema.js'
import { findConfigFile, loadConfigFile } from './config-file.js'
import { openFolder, type Purpose } from './folder-target.js'
import type { Io } from './io.js'
import { openReplay } from './replay-file.js'
import type { Target, TargetOptions } from './replica-target.js'
import { openServer } from './server-target.js'

/** Opens what the options name. */
async function openTarget(io: Io, options: TargetOptions, purpose: Purpose = 'look'): Promise<Target> {
  const { server, replay } = options
  if (server !== undefined && replay !== undefined) {
    throw new IbexError('bad-option', 'Either --server or --replay: look at one thing at a time.')
  }
  const schemas = await schemasOf(io, options)
  if (server !== undefined) return openServer(io, options, schemas, server)
  if (replay !== undefined) return openRecording(io, options, schemas, replay)
  return openFolder(io, options, schemas, purpose)
}

/** Runs `look` on what the options name, and closes it. */
export async function withTarget<T>(
  io: Io,
  options: TargetOptions,
  look: (target: Target) => T | Promise<T>,
  purpose: Purpose = 'look',
): Promise<T> {
  const target = await openTarget(io, options, purpose)
  try {
    return await look(target)
  } finally {
    await target.close()
  }
}

/** Those of the configuration, if there is one. */
export async function schemasOf({ cwd }: Io, { config }: Pick<TargetOptions, 'config'>): Promise<AnySchema[]> {
  const file = config === false ? undefined : config === undefined ? findConfigFile(cwd) : resolve(cwd, config)
  if (file === undefined) return []
  try {
    return [...(await loadConfigFile(file)).schemas]
  } catch (error) {
    if (!(error instanceof IbexError) || config !== undefined) throw error
    throw new IbexError(error.code, `${error.message} To show everything as it is stored, without it: --no-config.`)
  }
}

async function openRecording(io: Io, options: TargetOptions, given: AnySchema[], file: string): Promise<Target> {
  const { authority, in: path } = options
  const replay = await openReplay(io, file, { schemas: given, authority })
  const { opened, history, store, info } = replay
  const schemas = [...given, ...storedSchemas(opened.repository.state, given)]
  opened.repository.learn(schemas)
  if (path !== undefined && path !== info.repository) {
    throw new IbexError('bad-option', `--in: ${file} is of ${info.repository}.`)
  }
  return { store, history, opened, schemas, close: async () => replay.close() }
}
