/** A store in memory. */
export { action, computed, makeAutoObservable, observable, reaction, runInAction } from 'mobx'
export { observer } from 'mobx-react-lite'
