/** Documents alone: no storage, network, React or queries. */
export { change, free, from, load, loadIncremental, save, saveIncremental } from '@automerge/automerge'
