using System.Collections.Immutable;

namespace DevOps.Registry;

/// <summary>Rights, as token services write them: <c>type:name:action,action</c>.</summary>
/// <remarks>A name may hold colons, as that of a host with a port does: the type ends at the first, the actions begin behind the last. What is not of this form is opaque and stays as it is. Source: CNCF distribution, "Token Scope Documentation".</remarks>
internal static class TokenScopes
{
    private const string Everything = "*";

    /// <summary>Returns each resource once, with all actions that are wanted of it, in the order in which the resources came: some services read only the first.</summary>
    internal static ImmutableArray<string> Merge(params IEnumerable<string> scopes)
    {
        List<string> order = [];
        Dictionary<string, SortedSet<string>> wanted = new(StringComparer.Ordinal);
        foreach (string scope in scopes)
        {
            string resource = ResourceOf(scope, out string[] actions);
            if (!wanted.TryGetValue(resource, out SortedSet<string>? all))
            {
                order.Add(resource);
                wanted[resource] = all = new(StringComparer.Ordinal);
            }

            all.UnionWith(actions);
        }

        return [.. order.Select(resource => Text(resource, wanted[resource]))];
    }

    /// <summary>Returns whether a scope names no resource and actions, so that nothing can be said of it.</summary>
    internal static bool IsOpaque(string scope)
    {
        ResourceOf(scope, out string[] actions);
        return actions.Length == 0;
    }

    /// <summary>Returns whether rights include others.</summary>
    internal static bool Cover(ImmutableArray<string> held, ImmutableArray<string> wanted) => wanted.All(scope =>
    {
        string resource = ResourceOf(scope, out string[] actions);
        return held.Any(other => ResourceOf(other, out string[] has) == resource && (has.Contains(Everything) || actions.All(action => has.Contains(action))));
    });

    private static string ResourceOf(string scope, out string[] actions)
    {
        int first = scope.IndexOf(':', StringComparison.Ordinal);
        int last = scope.LastIndexOf(':');
        actions = first > 0 && last > first + 1 ? scope[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        return actions.Length == 0 ? scope : scope[..last];
    }

    private static string Text(string resource, SortedSet<string> actions) =>
        actions.Count == 0 ? resource : actions.Contains(Everything) ? $"{resource}:{Everything}" : $"{resource}:{string.Join(',', actions)}";
}
