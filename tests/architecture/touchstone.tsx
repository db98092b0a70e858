import { createRoot } from 'react-dom/client'
import { createStore, defineSchema, field } from 'ibex-state'
import { StoreProvider, useCollection, useItem, useQuery } from 'ibex-state/react'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
})

const store = createStore({ schemas: [Task], server: '/ibex' })   // server: false → this device only

function Tasks() {
  const open = useQuery(Task, { where: { done: false }, orderBy: 'title' })
  const tasks = useCollection(Task)
  return <>
    {open.map((task) => <TaskRow key={task.$id} id={task.$id} />)}
    <button onClick={() => tasks.create({ title: 'New task' })}>Add</button>
  </>
}

function TaskRow({ id }: { id: string }) {
  const [task, setTask] = useItem(Task, id)
  if (!task) return null
  return <input value={task.title} onChange={(e) => setTask({ title: e.target.value })} />
}

createRoot(document.getElementById('root')!).render(
  <StoreProvider store={store} fallback={<p>Opening…</p>}><Tasks /></StoreProvider>,
)
