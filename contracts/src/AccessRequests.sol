// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {GranaryDomain} from "./GranaryDomain.sol";
import {RequestEscrow} from "./RequestEscrow.sol";
import {AccessRequest, Approval, IAccessRequests, Permit, Request, Source} from "./interfaces/IAccessRequests.sol";
import {Dataset, IDatasetRegistry, Pool} from "./interfaces/IDatasetRegistry.sol";
import {ITrainerRegistry} from "./interfaces/ITrainerRegistry.sol";
import {Flags} from "./libraries/Flags.sol";
import {MessageHash} from "./libraries/MessageHash.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {SignatureCheck} from "./libraries/SignatureCheck.sol";
import {X25519} from "./libraries/X25519.sol";

/// @title AccessRequests
/// @notice Requests and approvals; their escrow is in `RequestEscrow`.
contract AccessRequests is GranaryDomain, Ownable2Step, RequestEscrow {
    using MessageHash for AccessRequest;
    using MessageHash for Approval;
    using MessageHashUtils for bytes32;

    // ---------------------------------------------------------------------------------------------------- constants

    /// @inheritdoc IAccessRequests
    uint256 public constant FEES_MAXIMUM_BPS = 5000;

    /// @inheritdoc IAccessRequests
    uint256 public constant WINDOW_MAXIMUM = 90 days;

    uint8 private constant YES = 1;
    uint8 private constant NO = 2;

    /// @inheritdoc IAccessRequests
    IDatasetRegistry public immutable registry;

    /// @inheritdoc IAccessRequests
    ITrainerRegistry public immutable trainers;

    /// @inheritdoc IAccessRequests
    uint40 public immutable windowMinimum;

    // ------------------------------------------------------------------------------------------------------ storage

    /// @inheritdoc IAccessRequests
    mapping(bytes32 request => mapping(bytes32 dataset => uint8)) public approval;

    uint16 private _treasuryBps;
    uint16 private _custodiansBps;

    /// @inheritdoc IAccessRequests
    uint40 public window;

    // -------------------------------------------------------------------------------------------------- constructor

    /// @param rewardPool_ The reward pool, which is deployed next and names this contract in turn.
    constructor(
        IERC20 token_,
        IDatasetRegistry registry_,
        ITrainerRegistry trainers_,
        address rewardPool_,
        address owner,
        uint16 treasuryBps,
        uint16 custodiansBps,
        uint40 window_
    ) Ownable(owner) RequestEscrow(token_, rewardPool_) {
        if (
            address(token_) == address(0) || address(registry_) == address(0) || address(trainers_) == address(0)
                || rewardPool_ == address(0)
        ) revert AddressZero();
        registry = registry_;
        trainers = trainers_;
        windowMinimum = window_;
        _setFees(treasuryBps, custodiansBps);
        _setWindow(window_);
    }

    // ---------------------------------------------------------------------------------------------- signed messages

    /// @inheritdoc IAccessRequests
    function open(AccessRequest calldata message, bytes calldata signature, Permit calldata permit)
        external
        returns (bytes32 id)
    {
        id = message.hash();
        _checkMessage(message);
        if (_requests[id].trainer != address(0)) revert RequestExists(id);
        _checkTrainer(message.trainer);
        (uint128 price, uint128 escrow) = _priceOf(message);
        if (!SignatureCheck.isValid(message.trainer, DOMAIN_SEPARATOR().toTypedDataHash(id), signature)) {
            revert SignatureInvalid(message.trainer);
        }

        _store(id, message, price);
        _collect(message.trainer, escrow, permit);
    }

    /// @inheritdoc IAccessRequests
    function approve(Approval[] calldata items, bytes[] calldata signatures) external {
        if (items.length != signatures.length) revert LengthMismatch(items.length, signatures.length);
        bytes32 domain = DOMAIN_SEPARATOR();
        for (uint256 i; i < items.length; ++i) {
            bytes4 reason = _approve(items[i], signatures[i], domain);
            if (reason != 0) emit Skipped(i, reason);
        }
    }

    // -------------------------------------------------------------------------------------------------------- owner

    /// @inheritdoc IAccessRequests
    function setFees(uint16 treasuryBps, uint16 custodiansBps) external onlyOwner {
        _setFees(treasuryBps, custodiansBps);
    }

    /// @inheritdoc IAccessRequests
    function setWindow(uint40 seconds_) external onlyOwner {
        _setWindow(seconds_);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IAccessRequests
    function request(bytes32 id) external view returns (Request memory) {
        Record storage found = _requests[id];
        return Request({
            trainer: found.trainer,
            pool: found.pool,
            purposes: found.purposes,
            count: found.count,
            expires: found.expires,
            window: found.window,
            treasuryBps: found.treasuryBps,
            custodiansBps: found.custodiansBps,
            isFinal: _isFinal(found),
            refunded: found.refunded,
            manifestRoot: found.manifestRoot,
            recipient: found.recipient,
            price: found.price,
            spent: found.spent
        });
    }

    /// @inheritdoc IAccessRequests
    function fees() external view returns (uint16 treasuryBps, uint16 custodiansBps) {
        return (_treasuryBps, _custodiansBps);
    }

    // ---------------------------------------------------------------------------------------------------- internals

    function _checkMessage(AccessRequest calldata message) private view {
        if (block.timestamp > message.deadline) revert MessageExpired(message.deadline);
        if (block.timestamp >= message.expires) revert RequestExpired(message.expires);
        if (message.count == 0) revert CountZero();
        if (!Purposes.isDefined(message.purposes)) revert PurposesUndefined(message.purposes);
        if (!Purposes.isSingleUse(message.purposes)) revert PurposeNotSingle(message.purposes);
        if (X25519.isLowOrder(message.recipient)) revert RecipientLowOrder(message.recipient);
    }

    function _checkTrainer(address trainer) private view {
        if (trainers.isApproved(trainer)) return;
        if (trainers.trainer(trainer).suspended) revert TrainerIsSuspended(trainer);
        revert TrainerNotApproved(trainer);
    }

    function _priceOf(AccessRequest calldata message) private view returns (uint128 price, uint128 escrow) {
        Pool memory pool = registry.pool(message.pool);
        if (pool.terms == 0) revert PoolUnknown(message.pool);
        if (pool.closed) revert PoolIsClosed(message.pool);
        if (pool.price > type(uint128).max / message.count) revert EscrowTooLarge(pool.price, message.count);
        price = uint128(pool.price);
        escrow = price * message.count;
        if (escrow > message.maxTotalPrice) revert PriceAboveMaximum(escrow, message.maxTotalPrice);
    }

    function _store(bytes32 id, AccessRequest calldata message, uint128 price) private {
        _requests[id] = Record({
            trainer: message.trainer,
            pool: message.pool,
            purposes: message.purposes,
            count: message.count,
            expires: message.expires,
            window: window,
            treasuryBps: _treasuryBps,
            custodiansBps: _custodiansBps,
            refunded: false,
            finalBy: Source(0, 0),
            manifestRoot: message.manifestRoot,
            recipient: message.recipient,
            price: price,
            spent: 0
        });
        emit RequestOpened(
            id,
            message.trainer,
            message.pool,
            message.purposes,
            message.manifestRoot,
            message.manifestDocument,
            message.count,
            message.recipient,
            price,
            _treasuryBps,
            _custodiansBps,
            message.expires,
            window
        );
    }

    /// @dev Returns zero, or the selector of the error for which nothing was done.
    function _approve(Approval calldata item, bytes calldata signature, bytes32 domain) private returns (bytes4) {
        Record storage target = _requests[item.request];
        Dataset memory dataset = registry.dataset(item.dataset);

        if (block.timestamp > item.deadline) return MessageExpired.selector;
        if (target.trainer == address(0)) return RequestUnknown.selector;
        if (target.refunded) return RequestIsRefunded.selector;
        if (_isFinal(target)) return RequestIsFinal.selector;
        if (block.timestamp > target.expires) return RequestExpired.selector;
        if (dataset.owner == address(0)) return DatasetUnknown.selector;
        if (dataset.flags & Flags.WITHDRAWN != 0) return DatasetWithdrawn.selector;
        uint8 given = approval[item.request][item.dataset];
        if (given == NO) return ApprovalFinal.selector;
        if (!SignatureCheck.isValid(dataset.owner, domain.toTypedDataHash(item.hash()), signature)) {
            return SignatureInvalid.selector;
        }

        if (given == YES && item.granted) return 0;

        approval[item.request][item.dataset] = item.granted ? YES : NO;
        emit ApprovalGiven(item.request, item.dataset, item.granted);
        return 0;
    }

    function _setFees(uint16 treasuryBps, uint16 custodiansBps) private {
        if (uint256(treasuryBps) + custodiansBps > FEES_MAXIMUM_BPS) revert FeesTooHigh(treasuryBps, custodiansBps);
        _treasuryBps = treasuryBps;
        _custodiansBps = custodiansBps;
        emit FeesChanged(treasuryBps, custodiansBps);
    }

    function _setWindow(uint40 seconds_) private {
        if (seconds_ < windowMinimum || seconds_ > WINDOW_MAXIMUM) {
            revert WindowInvalid(seconds_, windowMinimum, WINDOW_MAXIMUM);
        }
        window = seconds_;
        emit WindowChanged(seconds_);
    }
}
