/**
 * Expressions about a repository at a moment, such as `count(task, done == false) < 10`. JavaScript's operators, and a few
 * functions whose last argument is worked out for each item, with the item's fields as its words. They are interpreted, not
 * run: a browser extension may not, and what was pasted into a panel should not be able to do more than look.
 */
import jsep, { type Expression as Node } from 'jsep'
import type { AnySchema, AnySnapshot, Past } from '../../../src/index.js'
import { isDate } from '../value/value.js'

/** Whether something holds at a moment. Throws an `Error` with a message for a person. */
export type Expression = (past: Past) => unknown

export const EXAMPLES: readonly string[] = [
  'item(task, "t-42").title == "Fix login"',
  'count(task, done == false) < 10',
  'every(task, votes >= 0)',
]

interface Scope {
  readonly past: Past
  readonly schemas: readonly AnySchema[]
  /** Whose fields are meant by a word. */
  readonly item?: AnySnapshot
}

/** Throws an `Error` for what cannot be read. */
export function readExpression(text: string, schemas: readonly AnySchema[]): Expression {
  const node = jsep(text)
  if (node.type === 'Compound') throw new Error('One expression, please: join several by && or ||.')
  return (past) => evaluate(node, { past, schemas })
}

function evaluate(node: Node, scope: Scope): unknown {
  switch (node.type) {
    case 'Literal':
      return node['value']
    case 'Identifier':
      return word(node['name'] as string, scope)
    case 'ArrayExpression':
      return (node['elements'] as Node[]).map((each) => evaluate(each, scope))
    case 'UnaryExpression':
      return unary(node['operator'] as string, evaluate(node['argument'] as Node, scope))
    case 'ConditionalExpression':
      return evaluate((evaluate(node['test'] as Node, scope) ? node['consequent'] : node['alternate']) as Node, scope)
    case 'BinaryExpression':
    case 'LogicalExpression':
      return binary(node, scope)
    case 'MemberExpression':
      return member(node, scope)
    case 'CallExpression':
      return call(node, scope)
    default:
      throw new Error(`${node.type} is not understood here.`)
  }
}

function word(name: string, { item }: Scope): unknown {
  if (name === 'undefined') return undefined
  if (!item) throw new Error(`"${name}" means nothing here: fields have a meaning within count(), some() and every().`)
  return plain(item[name])
}

/** Dates are compared by their time. */
function plain(value: unknown): unknown {
  return isDate(value) ? value.getTime() : value
}

function unary(operator: string, value: unknown): unknown {
  if (operator === '!') return !value
  if (operator === '-') return -Number(value)
  if (operator === '+') return Number(value)
  throw new Error(`The operator ${operator} is not understood here.`)
}

function binary(node: Node, scope: Scope): unknown {
  const operator = node['operator'] as string
  const left = evaluate(node['left'] as Node, scope)
  const right = (): unknown => evaluate(node['right'] as Node, scope)
  switch (operator) {
    case '&&':
      return left && right()
    case '||':
      return left || right()
    case '??':
      return left ?? right()
    case '==':
    case '===':
      return equal(left, right())
    case '!=':
    case '!==':
      return !equal(left, right())
    case '<':
      return (left as number) < (right() as number)
    case '<=':
      return (left as number) <= (right() as number)
    case '>':
      return (left as number) > (right() as number)
    case '>=':
      return (left as number) >= (right() as number)
    case '+':
      return typeof left === 'string' ? left + String(right()) : Number(left) + Number(right())
    case '-':
      return Number(left) - Number(right())
    case '*':
      return Number(left) * Number(right())
    case '/':
      return Number(left) / Number(right())
    case '%':
      return Number(left) % Number(right())
    default:
      throw new Error(`The operator ${operator} is not understood here.`)
  }
}

/** Nothing is nothing, and lists are equal if they hold the same. */
function equal(left: unknown, right: unknown): boolean {
  if ((left ?? null) === null || (right ?? null) === null) return (left ?? null) === (right ?? null)
  return typeof left === 'object' ? JSON.stringify(left) === JSON.stringify(right) : left === right
}

function member(node: Node, scope: Scope): unknown {
  const of = evaluate(node['object'] as Node, scope)
  const property = node['property'] as Node
  const name = node['computed'] ? evaluate(property, scope) : property['name']
  if (of === undefined || of === null) return undefined
  if (name === 'length' && (typeof of === 'string' || Array.isArray(of))) return of.length
  // Nothing inherited: an expression reaches data only.
  return typeof of === 'object' && Object.hasOwn(of, String(name))
    ? plain((of as Record<string, unknown>)[String(name)])
    : undefined
}

const TEXTS: Readonly<Record<string, (text: string, part: string) => unknown>> = {
  includes: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  toLowerCase: (text) => text.toLowerCase(),
}

function call(node: Node, scope: Scope): unknown {
  const callee = node['callee'] as Node
  const args = node['arguments'] as Node[]
  if (callee.type === 'MemberExpression') {
    const of = evaluate(callee['object'] as Node, scope)
    const name = (callee['property'] as Node)['name'] as string
    const part = args[0] && evaluate(args[0], scope)
    if (name === 'includes' && Array.isArray(of)) return of.some((each) => equal(plain(each), part))
    const method = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined
    if (!method) throw new Error(`There is no ${name}(): there are ${Object.keys(TEXTS).join(', ')}.`)
    return typeof of === 'string' ? method(of, String((part as string | number | undefined) ?? '')) : false
  }
  const name = callee['name'] as string
  if (!FUNCTIONS.includes(name)) throw new Error(`There is no ${name}(): there are ${FUNCTIONS.join(', ')}.`)
  const items = itemsOf(args[0], scope)
  if (name === 'item') {
    const id = args[1] && evaluate(args[1], scope)
    return typeof id === 'string' ? items.get(id) : undefined
  }
  const inner = args[1]
  const of = (item: unknown): unknown =>
    inner === undefined ? true : evaluate(inner, { ...scope, item: item as AnySnapshot })
  const all = items.query().get() as readonly unknown[]
  if (name === 'count') return all.reduce<number>((count, item) => count + (of(item) ? 1 : 0), 0)
  if (name === 'sum') return all.reduce<number>((sum, item) => sum + (Number(of(item)) || 0), 0)
  return name === 'some' ? all.some((item) => of(item)) : all.every((item) => of(item))
}

const FUNCTIONS: readonly string[] = ['item', 'count', 'sum', 'some', 'every']

function itemsOf(node: Node | undefined, { past, schemas }: Scope): ReturnType<Past['collection']> {
  const name = node?.type === 'Literal' ? (node['value'] as string) : ((node?.['name'] as string | undefined) ?? '')
  const schema = schemas.find((each) => each.name === name)
  if (!schema)
    throw new Error(`There is no schema "${name}": there are ${schemas.map((each) => each.name).join(', ')}.`)
  return past.collection(schema)
}
