import ts from 'typescript'

/** Keys of a table of texts, nested ones as `a.b`, those of lists as `a.0`. */
export type Keys = string[]

const parse = (source: string, name: string) =>
  ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)

/** The literal behind `x as T`, `x satisfies T`, `(x)` and the name of a constant of the same file. */
function literalOf(file: ts.SourceFile, node: ts.Expression): ts.Expression {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return literalOf(file, node.expression)
  if (!ts.isIdentifier(node)) return node
  for (const statement of file.statements)
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations)
        if (name.getText() === node.text && initializer) return literalOf(file, initializer)
  return node
}

const nameOf = (name: ts.PropertyName) => (ts.isComputedPropertyName(name) ? name.getText() : name.text)

function keysOf(file: ts.SourceFile, expression: ts.Expression, prefix = ''): Keys {
  const literal = literalOf(file, expression)
  if (ts.isObjectLiteralExpression(literal))
    return literal.properties.flatMap((property) => {
      if (!property.name) return [`${prefix}${property.getText()}`]
      const key = `${prefix}${nameOf(property.name)}`
      if (!ts.isPropertyAssignment(property)) return [key]
      const below = keysOf(file, property.initializer, `${key}.`)
      return below.length > 0 ? below : [key]
    })
  if (ts.isArrayLiteralExpression(literal))
    return literal.elements.flatMap((element, at) => {
      const below = keysOf(file, element, `${prefix}${at}.`)
      return below.length > 0 ? below : [`${prefix}${at}`]
    })
  return []
}

/** The tables that a `messages.ts` makes by `texts('name', …)`. */
export function englishTables(source: string, name = 'messages.ts'): Map<string, Keys> {
  const file = parse(source, name)
  const tables = new Map<string, Keys>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'texts') {
      const [called, table] = node.arguments
      if (called && table && ts.isStringLiteral(called)) tables.set(called.text, keysOf(file, table))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return tables
}

/** The tables that a `messages.fr.ts` exports by name. */
export function translatedTables(source: string, name = 'messages.fr.ts'): Map<string, Keys> {
  const file = parse(source, name)
  const exported = file.statements.find(ts.isExportAssignment)
  const literal = exported && literalOf(file, exported.expression)
  if (!literal || !ts.isObjectLiteralExpression(literal)) return new Map()
  return new Map(
    literal.properties
      .filter(ts.isPropertyAssignment)
      .map(({ name: table, initializer }) => [nameOf(table), keysOf(file, initializer)]),
  )
}

/** Every text of a file, pieces of templates each for itself; what is imported or is a key is none. */
export function textsOf(source: string, name = 'messages.fr.ts'): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return
    if (ts.isPropertyAssignment(node)) {
      visit(node.initializer)
      return
    }
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    )
      found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(parse(source, name))
  return found
}
