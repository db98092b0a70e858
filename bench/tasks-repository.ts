/** Where the tasks of the long histories lie. */
import { type RepositoryPath, requireRepositoryPath } from '../src/ids.js'

export const MAIN: RepositoryPath = requireRepositoryPath('/data/main')
