/**
 * Expressions about a repository at a moment, such as `count(task, done == false) < 10`. JavaScript's operators, and a few
 * functions whose last argument is worked out for each item, with the item's fields as its words. They are interpreted, not
 * run: a browser extension may not, and what was pasted into a panel should not be able to do more than look.
 */
import jsep, {
  type BinaryExpression,
  type CallExpression,
  type CoreExpression,
  type Expression as Node,
  type MemberExpression,
} from 'jsep'
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

function evaluate(given: Node, scope: Scope): unknown {
  const node = given as CoreExpression
  switch (node.type) {
    case 'Literal':
      return node.value
    case 'Identifier':
      return word(node.name, scope)
    case 'ArrayExpression':
      return node.elements.map((each) => each && evaluate(each, scope))
    case 'UnaryExpression':
      return unary(node.operator, evaluate(node.argument, scope))
    case 'ConditionalExpression':
      return evaluate(evaluate(node.test, scope) ? node.consequent : node.alternate, scope)
    case 'BinaryExpression':
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

function binary(node: BinaryExpression, scope: Scope): unknown {
  const { operator } = node
  const left = evaluate(node.left, scope)
  const right = (): unknown => evaluate(node.right, scope)
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

function member(node: MemberExpression, scope: Scope): unknown {
  const of = evaluate(node.object, scope)
  const name = node.computed ? evaluate(node.property, scope) : nameOf(node.property)
  if (of === undefined || of === null) return undefined
  if (name === 'length' && (typeof of === 'string' || Array.isArray(of))) return of.length
  // Nothing inherited: an expression reaches data only.
  const key = typeof name === 'string' || typeof name === 'number' ? name : ''
  return typeof of === 'object' && Object.hasOwn(of, key) ? plain((of as Record<string, unknown>)[key]) : undefined
}

const TEXTS: Readonly<Record<string, (text: string, part: string) => unknown>> = {
  includes: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  toLowerCase: (text) => text.toLowerCase(),
}

function call(node: CallExpression, scope: Scope): unknown {
  const { callee, arguments: args } = node
  if (callee.type === 'MemberExpression') return method(callee as MemberExpression, args[0], scope)
  const name = nameOf(callee)
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

/** What lists and texts can be asked. */
function method(callee: MemberExpression, argument: Node | undefined, scope: Scope): unknown {
  const of = evaluate(callee.object, scope)
  const name = nameOf(callee.property)
  const part = argument && evaluate(argument, scope)
  if (name === 'includes' && Array.isArray(of)) return of.some((each) => equal(plain(each), part))
  const ask = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined
  if (!ask) throw new Error(`There is no ${name}(): there are ${Object.keys(TEXTS).join(', ')}.`)
  return typeof of === 'string' && (part === undefined || typeof part === 'string') ? ask(of, part ?? '') : false
}

const FUNCTIONS: readonly string[] = ['item', 'count', 'sum', 'some', 'every']

function itemsOf(node: Node | undefined, { past, schemas }: Scope): ReturnType<Past['collection']> {
  const name = node ? nameOf(node) : ''
  const schema = schemas.find((each) => each.name === name)
  if (!schema)
    throw new Error(`There is no schema "${name}": there are ${schemas.map((each) => each.name).join(', ')}.`)
  return past.collection(schema)
}

/** What a word, or a text, says. */
function nameOf(given: Node): string {
  const node = given as CoreExpression
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : node.type
}
