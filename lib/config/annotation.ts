/**
 * Tells what is wrong with the value of a CSV annotation. It is a Python format string (`str.format`) that
 * may use the one field `package_name`, with a conversion and a format specification.
 */
export function csvAnnotationProblem(value: string): string | undefined {
  const rest = value.replaceAll(/\{\{|\}\}/g, "");
  const fields = [...rest.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? "");
  if (/[{}]/.test(rest.replaceAll(/\{[^{}]*\}/g, "")))
    return "has a single '{' or '}'; write '{{' or '}}' for the character";
  const other = fields.find((field) => !/^package_name(![rsa])?(:[^{}]*)?$/.test(field));
  return other === undefined ? undefined : `has the field '{${other}}'; only {package_name} is known`;
}
