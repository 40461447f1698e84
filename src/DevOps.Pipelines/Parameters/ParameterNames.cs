namespace DevOps.Pipelines;

/// <summary>Compares the names of parameters: case, <c>-</c> and <c>_</c> do not count.</summary>
internal static class ParameterNames
{
    internal static string Normalize(string name) => string.Concat(name.Where(c => c is not ('-' or '_'))).ToUpperInvariant();
}
