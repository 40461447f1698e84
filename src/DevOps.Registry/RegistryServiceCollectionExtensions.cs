using DevOps.Content;
using DevOps.Registry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the registry client.</summary>
public static class RegistryServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="RegistryClient"/> for the whole host, also as <see cref="IRepositoryProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How registries are reached; <see cref="RegistryClientOptions.Default"/> if <see langword="null"/>.</param>
    public static IServiceCollection AddDevOpsRegistry(this IServiceCollection services, RegistryClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services
            .AddSingleton(_ => new RegistryClient(options))
            .AddSingleton<IRepositoryProvider>(provider => provider.GetRequiredService<RegistryClient>());
    }
}
