using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace Cli;

/// <summary><c>logout REGISTRY</c>: forgets what is stored for a registry.</summary>
internal static class LogoutCommand
{
    internal static Command Command { get; } = new("logout", "REGISTRY", "Forgets what is stored for a registry, in docker's file and in credential helpers", [], RunAsync)
    {
        Notes = [LoginCommand.RegistryHelp],
        Examples = ["logout ghcr.io"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        RegistryAddress address = LoginCommand.Address("logout", arguments.Values("REGISTRY")[0]);
        ImmutableArray<string> places = await StoredCredentials.Writer.EraseAsync(address, cancellationToken);
        output.Result(
            new() { ["registry"] = address.ToString(), ["erasedFrom"] = new JsonArray([.. places.Select(place => (JsonNode)place)]) },
            places.IsEmpty ? $"nothing was stored for {address}" : $"logged out of {address}; erased from {string.Join(", ", places)}");
        return 0;
    }
}
