import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { liveQuery } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

export const peer: Peer = {
  name: 'SQLite',
  packages: ['better-sqlite3'],
  note: 'in this process; listeners are told by the adapter, the query runs again after each write; its log: a file in WAL mode, synchronous=normal',
  open,
}

const COLUMNS: Readonly<Record<string, string>> = { title: 'title', done: 'done', updatedAt: 'updated_at' }

function open({ log }: { readonly log: boolean }): Items {
  const file = log ? join(tmpdir(), `ibex-bench-${process.pid}.sqlite`) : ':memory:'
  const database = new Database(file)
  if (log) {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
  }
  database.exec(`create table tasks (
    id text primary key, title text not null, done integer not null, priority integer not null, tags text not null,
    updated_at integer not null) without rowid;
    create index open_tasks on tasks (done, updated_at desc)`)
  const insert = database.prepare('insert into tasks values (?, ?, ?, ?, ?, ?)')
  const select = database.prepare('select title from tasks where id = ?').pluck()
  const updates = new Map(
    Object.entries(COLUMNS).map(([name, column]) => [
      name,
      database.prepare(`update tasks set ${column} = ? where id = ?`),
    ]),
  )
  const listeners = new Map<string, Set<(title: string) => void>>()
  const queries = new Set<() => void>()
  const put = ({ id, title, done, priority, tags, updatedAt }: Task): string => {
    insert.run(id, title, done ? 1 : 0, priority, JSON.stringify(tags), updatedAt)
    return id
  }
  const told = (): void => queries.forEach((run) => run())
  return {
    create(task) {
      put(task)
      told()
      return task.id
    },
    createMany(all) {
      const ids = database.transaction(() => all.map(put))()
      told()
      return ids
    },
    title: (id) => select.get(id) as string,
    update(id, edit) {
      for (const [name, value] of Object.entries(edit)) {
        updates.get(name)!.run(typeof value === 'boolean' ? Number(value) : value, id)
      }
      const own = listeners.get(id)
      if (own) {
        const title = select.get(id) as string
        own.forEach((listener) => listener(title))
      }
      told()
    },
    subscribe(id, listener) {
      let own = listeners.get(id)
      if (!own) listeners.set(id, (own = new Set()))
      own.add(listener)
      return () => own.delete(listener)
    },
    query: (limit) =>
      liveQuery(
        ({ id }: { readonly id: string }) => id,
        (tell) => {
          const find = database.prepare('select * from tasks where done = 0 order by updated_at desc limit ?')
          const run = (): void => tell(find.all(limit))
          queries.add(run)
          run()
          return () => queries.delete(run)
        },
      ),
    ...(log && { flush: () => Promise.resolve() }),
    close() {
      database.close()
      if (log) for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    },
  }
}
