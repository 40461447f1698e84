using DevOps.Content;
using DevOps.Credentials;
using DevOps.Registry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the registry client.</summary>
public static class RegistryServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="RegistryClient"/> for the whole host, also as <see cref="IRepositoryProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How registries are reached; <see cref="RegistryClientOptions.Default"/> if <see langword="null"/>. What it leaves open is taken from the services: <see cref="ICredentialSource"/>, <see cref="TimeProvider"/>, <see cref="ILoggerFactory"/>.</param>
    public static IServiceCollection AddDevOpsRegistry(this IServiceCollection services, RegistryClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => new RegistryClient(Completed(options ?? RegistryClientOptions.Default, provider)));
        services.TryAddSingleton<IRepositoryProvider>(provider => provider.GetRequiredService<RegistryClient>());
        return services;
    }

    private static RegistryClientOptions Completed(RegistryClientOptions options, IServiceProvider services) => options with
    {
        Credentials = options.Credentials ?? services.GetService<ICredentialSource>(),
        TimeProvider = options.TimeProvider == TimeProvider.System ? services.GetService<TimeProvider>() ?? options.TimeProvider : options.TimeProvider,
        Logger = options.Logger == NullLogger.Instance ? services.GetService<ILoggerFactory>()?.CreateLogger("DevOps.Registry") ?? options.Logger : options.Logger,
    };
}
