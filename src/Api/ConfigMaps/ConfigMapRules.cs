using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.ConfigMaps;

/// <summary>Who writes authorities here is told at once what is wrong with them; what is imported says so in its condition.</summary>
internal sealed class ConfigMapRules : IKindRules
{
    private const string Pointer = "/spec/data/ca.crt";

    public string Kind => ResourceKind.ConfigMap;

    public Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken) =>
        Task.FromResult<Error?>(Problem(((ConfigMapSpec)write.Spec).Data) is { } problem ? new InvalidError([problem]) : null);

    public Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken) => Task.FromResult<Error?>(null);

    private static FieldError? Problem(IReadOnlyDictionary<string, string> data)
    {
        if (!data.TryGetValue("ca.crt", out var pem))
            return new FieldError(Pointer, ErrorCodes.Required, "Write the authorities as PEM under the key 'ca.crt'.");
        return PemText.Check(Pointer, pem) is { } error ? new FieldError(error.Pointer, error.Code, error.Message) : null;
    }
}
