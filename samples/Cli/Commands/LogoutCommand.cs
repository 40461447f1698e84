using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace Cli;

/// <summary><c>logout REGISTRY</c>: forgets what is stored for a registry.</summary>
internal static class LogoutCommand
{
    internal const string Usage = "logout REGISTRY";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, [], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
        RegistryAddress address = LoginCommand.Address(arguments.Values("REGISTRY")[0]);
        ImmutableArray<string> places = await StoredCredentials.Writer.EraseAsync(address, cancellationToken);
        output.Result(
            new() { ["registry"] = address.ToString(), ["erasedFrom"] = new JsonArray([.. places.Select(place => (JsonNode)place)]) },
            places.IsEmpty ? $"nothing was stored for {address}" : $"logged out of {address}; erased from {string.Join(", ", places)}");
        return 0;
    }
}
