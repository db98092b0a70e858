/** A process that writes a long history: `write-history.js <folder> <items> <commits>`. */
import { openFileStorage } from '../src/server/file-disk.js'
import { writeLongHistory } from './long-history.js'

const [folder, items, commits] = process.argv.slice(2) as [string, string, string]
const storage = await openFileStorage(folder)
await writeLongHistory(storage, { items: Number(items), commits: Number(commits) })
await storage.close()
