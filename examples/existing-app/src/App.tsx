import { useState } from 'react'

function App() {
  const [count, setCount] = useState(0)
  return <button onClick={() => setCount((before) => before + 1)}>count is {count}</button>
}

export default App
