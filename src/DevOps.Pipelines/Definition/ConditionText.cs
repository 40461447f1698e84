namespace DevOps.Pipelines;

/// <summary>Makes of a condition's source text what a person wants to read when it was not met.</summary>
internal static class ConditionText
{
    internal static string Of(string source)
    {
        int arrow = source.IndexOf("=>", StringComparison.Ordinal);
        string body = arrow < 0 ? source : source[(arrow + 2)..];
        return string.Join(' ', body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
