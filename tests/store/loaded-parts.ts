/** For where time is virtual: what a store loads on demand is loaded before, because such time does not wait for files. */
import { loadSeldomOfRepository } from '../../src/repository/on-demand.js'
import { loadFallback } from '../../src/storage/on-demand.js'
import { loadSeldomOfStore } from '../../src/store/on-demand.js'
import { loadPast } from '../../src/store/past-on-demand.js'

export async function loadParts(): Promise<void> {
  await Promise.all([loadSeldomOfRepository(), loadSeldomOfStore(), loadPast(), loadFallback()])
}
