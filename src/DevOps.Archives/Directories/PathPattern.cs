using System.IO.Enumeration;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>Names with wildcards between slashes; see <see cref="ModeRule"/> for what they mean.</summary>
internal sealed class PathPattern
{
    private const string AnyNames = "**";

    private readonly string[] _names;
    private readonly TarMemberKind _kind;

    private PathPattern(string[] names, TarMemberKind kind) => (_names, _kind) = (names, kind);

    /// <summary>Takes a pattern apart; <see langword="null"/> if it can match nothing.</summary>
    internal static PathPattern? TryParse(string pattern)
    {
        bool isDirectory = pattern.EndsWith('/');
        string trimmed = isDirectory ? pattern[..^1] : pattern;
        string[] names = (trimmed.StartsWith('/') ? trimmed[1..] : trimmed).Split('/');
        return names.Any(name => name is "" or "." or ".." || name.Contains('\0', StringComparison.Ordinal)) ? null
            : new(names[^1] == AnyNames ? [.. names[..^1], AnyNames, "*"] : names, isDirectory ? TarMemberKind.Directory : TarMemberKind.File);
    }

    /// <summary>Compares name by name. Where that fails, the last <c>**</c> takes one name more: earlier ones need not, as it could take those too.</summary>
    internal bool Matches(string path, TarMemberKind kind)
    {
        if (kind != _kind)
        {
            return false;
        }

        string[] names = path.Split('/');
        (int at, int of) = (0, 0);
        (int retryAt, int retryOf) = (-1, -1);
        while (at < names.Length)
        {
            if (of < _names.Length && _names[of] == AnyNames)
            {
                (retryAt, retryOf) = (at, ++of);
            }
            else if (of < _names.Length && FileSystemName.MatchesSimpleExpression(_names[of], names[at], ignoreCase: false))
            {
                (at, of) = (at + 1, of + 1);
            }
            else if (retryOf >= 0)
            {
                (at, of) = (++retryAt, retryOf);
            }
            else
            {
                return false;
            }
        }

        return of == _names.Length || (of == _names.Length - 1 && _names[of] == AnyNames);
    }
}
