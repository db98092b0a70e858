/**
 * Entry of the dedicated worker that owns the files of a storage in OPFS: only there are synchronous access handles to be had.
 * It starts to listen when it is loaded, and does nothing where there is no worker's scope.
 */
import { encodeFileName } from './file-name.js'
import { openOpfsTree } from './opfs-disk.js'
import { serveStorage, type HostPort } from './opfs-host.js'

const scope = globalThis as unknown as HostPort & { readonly WorkerGlobalScope?: unknown }

if (scope.WorkerGlobalScope) {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  serveStorage(
    scope,
    async (folder) => openOpfsTree(await navigator.storage.getDirectory(), ['ibex', encodeFileName(folder)], wait),
    () => crypto.getRandomValues(new Uint8Array(8)),
  )
}
