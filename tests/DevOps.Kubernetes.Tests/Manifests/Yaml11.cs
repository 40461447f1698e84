using System.Text.RegularExpressions;

namespace DevOps.Kubernetes.Tests;

/// <summary>Which plain scalars are no strings by YAML 1.1, or by go-yaml v2, which Kubernetes reads with.</summary>
/// <remarks>
/// Sources: yaml.org/type/bool, int, float, null, timestamp, merge and value; go-yaml v2, resolve.go, which also takes 0o17 and what Go's ParseFloat takes.
/// Where the two differ, a text that either resolves counts.
/// </remarks>
internal static partial class Yaml11
{
    internal static bool IsString(string plain) =>
        !Null().IsMatch(plain) && !Bool().IsMatch(plain) && !Int().IsMatch(plain) && !Float().IsMatch(plain) && !GoNumber().IsMatch(plain)
        && !Timestamp().IsMatch(plain) && plain is not ("=" or "<<");

    [GeneratedRegex(@"^(~|null|Null|NULL|)\z")]
    private static partial Regex Null();

    [GeneratedRegex(@"^(y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\z")]
    private static partial Regex Bool();

    [GeneratedRegex(@"^[-+]?(0b[0-1_]+|0[0-7_]+|(0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)\z")]
    private static partial Regex Int();

    [GeneratedRegex(@"^([-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"^[-+]?(0o[0-7_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|[0-9_]*\.?[0-9_]+\.?([eE][-+]?[0-9_]+)?|inf|infinity|nan)\z", RegexOptions.IgnoreCase)]
    private static partial Regex GoNumber();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?)?\z")]
    private static partial Regex Timestamp();
}
